"""HTTP only: parse, call one act, render (floor 6)."""
