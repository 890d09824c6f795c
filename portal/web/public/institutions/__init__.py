"""An institution's page, the directory, and who files late."""
