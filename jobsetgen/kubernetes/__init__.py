"""What Kubernetes means by a value.

Each fact is computed here and nowhere else; it knows nothing of JobSets or rules.

names, labels       what an object, a container, a port, a key may be called quantities
amounts, as the API server reads them resources           requests and limits: what the API server
refuses in them pods                what a pod requests in total accelerators        which resources
and node labels are those of accelerators tolerations         what the API server refuses in a
toleration images              the parts of an image reference versions            the Kubernetes
versions that are known leftovers           what an API server adds to an object
"""
