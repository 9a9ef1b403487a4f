"""People of a number: conditions over the customers of a build, said in words, counted, listed, and saved under a name."""
