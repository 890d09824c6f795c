"""The problem list as it stands on a day, and its bulletins."""
