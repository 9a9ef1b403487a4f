"""What the whole file and the store tell of the rows: repeats, known rows, the account of every yen."""
