"""The invented Putuo world and the real Portuguese one, through the doors of real data."""
