"""Opens what people upload: any container, any encoding, rows with their own line numbers."""
