"""The project: what a folder compiles, and how."""
