"""What Kubernetes means by a value.

Each fact is computed here and nowhere else; it knows nothing of JobSets or rules.

names, labels
    What an object, a container, a port or a key may be called.
quantities
    Amounts, as the API server reads them.
resources
    Requests and limits, and what the API server refuses in them.
pods
    What a pod requests in total.
accelerators
    Which resources, node labels and taints are those of accelerators.
tolerations
    What the API server refuses in a toleration.
priorities
    The priority classes that every cluster has.
updates
    What the API server changes in place in an object, and what it refuses to change.
images
    The parts of an image reference.
versions
    The Kubernetes versions that are known.
leftovers
    What an API server adds to an object.
"""
