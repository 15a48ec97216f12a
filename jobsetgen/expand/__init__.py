"""From a JobSet to the objects it stands for."""
