"""Training of the weights that come with the product, from the labelled corpus; nothing of it runs when answers are tagged."""
