"""What a person reads beside the output: explanations and diffs."""
