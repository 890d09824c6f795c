"""Commands for operators (floor 6)."""
