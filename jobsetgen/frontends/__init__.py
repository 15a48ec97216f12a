"""What other programs ask of the compiler in their own ways: Argo CD's repo-server, kustomize, kpt."""
