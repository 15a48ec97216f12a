"""What other programs ask of the compiler: Argo CD's repo-server, kustomize, kpt."""
