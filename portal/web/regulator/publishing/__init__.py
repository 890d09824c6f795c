"""The desk's editions, objections and what-if."""
