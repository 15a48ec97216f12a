"""What runs in the cluster.

It imports nothing of this package, and nothing of this package imports it.
"""
