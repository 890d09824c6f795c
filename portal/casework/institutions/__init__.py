"""The register of institutions, their states and their offers."""
