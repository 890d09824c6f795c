"""Special reports: filing, evidence, review and what was proved."""
