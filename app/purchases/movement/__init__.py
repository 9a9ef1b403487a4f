"""Who moved from class to class between two days, or with an import; what people did is in `figures`, this only compares."""
