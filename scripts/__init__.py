"""Programs for those who work on jobsetgen."""
