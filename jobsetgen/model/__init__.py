"""The inputs as frozen values, with their defaults."""
