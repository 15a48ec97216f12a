// Flux's source-controller, of which only the CRDs are read: it needs a module that not every proxy has.
module jobsetgen.test/flux-sources

go 1.26.0

require github.com/fluxcd/source-controller v1.9.6 // indirect
