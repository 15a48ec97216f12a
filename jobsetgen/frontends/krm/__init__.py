"""The KRM function: replaces each JobSet in a ResourceList with its expansion.

The functionConfig holds the options, the results hold the diagnostics, and the path and index
annotations give the file of a package that an object is written to, as in functions-spec.md of
https://github.com/kubernetes-sigs/kustomize/tree/master/cmd/config/docs/api-conventions.
"""
