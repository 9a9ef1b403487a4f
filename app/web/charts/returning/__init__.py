"""Who comes back, drawn."""
