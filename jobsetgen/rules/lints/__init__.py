"""What is allowed but unwise, and what only some options forbid."""
