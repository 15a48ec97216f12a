"""The front end for Argo CD's config management plugin."""
