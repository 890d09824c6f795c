"""What stored rows count to, and how a correction changes it."""
