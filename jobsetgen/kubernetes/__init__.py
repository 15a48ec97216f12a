"""What Kubernetes means by a value.

Each fact is computed here and nowhere else; it knows nothing of JobSets or rules.

names, labels
    What an object, a container, a port or a key may be called.
affinity
    The fields that hold the terms of an affinity.
field_paths
    How a container names the label or annotation of its pod that it reads.
numbers
    The bounds of the types that fields have.
quantities
    Amounts, as the API server reads them.
resources
    Requests and limits, and what the API server refuses in them.
pods
    Which fields hold a pod's containers, and what it requests in total.
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
