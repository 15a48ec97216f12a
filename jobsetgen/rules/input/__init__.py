"""What must fit together across the whole input, and under its options."""
