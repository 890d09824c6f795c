"""The survey: a code, eight questions, a receipt."""
