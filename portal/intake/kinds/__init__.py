"""What each kind of file means, row by row."""
