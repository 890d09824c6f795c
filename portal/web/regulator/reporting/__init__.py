"""The desk's reporting periods and reports."""
