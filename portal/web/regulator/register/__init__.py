"""The desk's institutions and people."""
