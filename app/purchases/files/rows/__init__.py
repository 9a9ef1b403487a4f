"""Columns of text become typed order rows, a piece of the file at a time."""
