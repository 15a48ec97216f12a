"""What a project changes in the objects of its resources, before they are compiled."""
