"""What the public gets: sealed editions, the problem list, open data (floor 5)."""
