"""The desk's cases, inspections, traces, bulletins and letters."""
