"""JobSets as output (`--target jobset`), and the options that they carry back to the build."""
