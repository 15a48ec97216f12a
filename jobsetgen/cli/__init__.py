"""The command line: options, input and output, exit codes."""
