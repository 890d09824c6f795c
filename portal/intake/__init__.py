"""Files from outside become rows or refusals, with a receipt (floor 4)."""
