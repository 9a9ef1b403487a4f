"""The JSON API `/api/v1`: the figures and segments of the pages for other programs, by personal access tokens (docs/api.md)."""
