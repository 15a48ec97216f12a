"""Every option once: a row of `table`, from which everything else about it is derived."""
