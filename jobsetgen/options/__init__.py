"""The options: each is one row of `table`, from which schema, flags and docs are derived."""
