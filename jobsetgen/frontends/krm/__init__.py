"""The KRM function: a ResourceList in, the same list with each JobSet's expansion in its place out.

Its options are the functionConfig, its diagnostics the results, and the annotations with path and
index say which file of a package an object is to be written to, as in functions-spec.md of
https://github.com/kubernetes-sigs/kustomize/tree/master/cmd/config/docs/api-conventions.
"""
