"""Migrations, oldest first; each runs up on SQLite and PostgreSQL."""
