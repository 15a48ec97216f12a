"""Expand a JobSet to Kubernetes objects."""
