"""Which column is what: headers, presets of shop systems, mappings from people."""
