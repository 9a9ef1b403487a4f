"""The command line `n1`: the same operations as the screens, without a running server."""
