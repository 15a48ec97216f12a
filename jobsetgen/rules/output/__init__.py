"""What is looked at when the objects are there."""
