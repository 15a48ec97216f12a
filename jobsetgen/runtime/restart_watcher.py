"""The restart-watcher: reads a plan, keeps a state, and does what the Jobs of a set cannot do for each other."""
