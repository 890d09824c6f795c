"""Acts of people: one function, one act (floor 4)."""
