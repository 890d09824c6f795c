"""What the public sees of an institution beside the figures."""
