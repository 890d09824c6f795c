"""Signing in and out, and the slip on which a person sets a password."""
