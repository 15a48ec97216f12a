"""What the API server refuses beyond the schema."""
