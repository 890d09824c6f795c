"""The desk of the exam authority."""
