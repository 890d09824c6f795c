"""Checking a bundle without any database: bytes, signature, chain, figures."""
