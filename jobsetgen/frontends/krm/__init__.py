"""The KRM function: a ResourceList in, the same list with each JobSet's expansion in its place out.

https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md says what a
function may do: its options are the functionConfig, its diagnostics the results, and the annotations with path and
index say which file of a package an object is to be written to.
"""
