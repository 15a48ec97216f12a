"""Every option once. What a person can set is a row of `table`; all that knows of options is derived from it."""
