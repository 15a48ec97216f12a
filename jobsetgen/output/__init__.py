"""Output to files: their names, and writing and comparing an output folder."""
