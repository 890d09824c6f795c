"""From stored counts to figures (floor 4)."""
