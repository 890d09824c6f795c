"""What law and office decided: dated values, words and the working-day calendar (floor 1)."""
