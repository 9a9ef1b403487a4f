"""How often a tagger is right, how far two readers agree, and what a labelled corpus holds: pure functions over labelled sentences."""
