// Argo CD's application-controller.
package main

import (
	"os"

	"github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
)

func main() {
	if err := commands.NewCommand().Execute(); err != nil {
		os.Exit(1)
	}
}
