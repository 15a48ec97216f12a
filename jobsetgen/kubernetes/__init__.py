"""Facts about Kubernetes.

Each fact is implemented only here, independently of JobSets and rules.

names, labels
    Valid names of objects, containers and ports, and valid keys.
affinity
    The fields that hold the terms of an affinity.
field_paths
    The paths by which containers read labels and annotations of their pod.
numbers
    The limits of numeric fields.
quantities
    Quantities, as the API server parses them.
resources
    Validation of requests and limits.
pods
    The containers of a pod, and its total requests.
accelerators
    The resources, node labels and taints of accelerators.
tpus
    The topologies of TPU slices.
failures
    The reasons with which a Job fails, and what excludes each.
tolerations
    Validation of tolerations.
priorities
    The built-in priority classes.
updates
    The mutable and immutable fields of a Job.
images
    The parts of an image reference.
versions
    The supported Kubernetes versions.
leftovers
    The fields that the API server adds to an object.
"""
