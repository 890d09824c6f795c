"""Who gets in: accounts, passwords, slips and signing in."""
