"""What came in from the exam authority, and the survey."""
