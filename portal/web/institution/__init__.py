"""The desk of an institution's clerk."""
