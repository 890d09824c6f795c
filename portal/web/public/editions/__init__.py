"""Editions, changes, and the badge that proves a page is ours."""
