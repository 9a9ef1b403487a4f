"""Many customers: counts in people, findings computed from them, twins."""
