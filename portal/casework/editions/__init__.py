"""What institutions and the calendar have to do with an edition."""
