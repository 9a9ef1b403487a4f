"""Background work over huey: the queue carries names and ids, state lives on our own rows."""
