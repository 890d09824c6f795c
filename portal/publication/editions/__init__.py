"""Editions from the draft to the sealed and chained bundle."""
