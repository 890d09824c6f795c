"""Issues, bulletins, inspections, traces, and what the public reports."""
