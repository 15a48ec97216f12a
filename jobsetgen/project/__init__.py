"""The project: the jobsetgen.yaml of a folder, its options and its files."""
