"""What is wrong, or unwise, about an input: one concern a file."""
