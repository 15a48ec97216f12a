"""The output as files: their names, and the folder they are written to."""
