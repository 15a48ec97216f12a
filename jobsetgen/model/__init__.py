"""The objects of the input as frozen values, with defaults applied."""
