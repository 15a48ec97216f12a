"""What JobSet's webhooks and CRD refuse."""
