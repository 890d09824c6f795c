"""Tables, migrations, the one transaction and the audit trail (floor 3)."""
