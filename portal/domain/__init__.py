"""Values and decisions that need nothing but themselves and the rules (floor 2)."""
