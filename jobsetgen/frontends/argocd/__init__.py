"""What Argo CD's config management plugin calls."""
