"""Inspections, cases from finding to the end of publication, traces, letters."""
