"""Reports for people and tools: diagnostics, explanations, pages of codes, diffs."""
