"""What the pages of an import show: figures and words are made ready here, routes only call."""
