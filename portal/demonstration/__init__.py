"""The invented Putuo world and the real Portuguese one, built through the same doors as real data."""
