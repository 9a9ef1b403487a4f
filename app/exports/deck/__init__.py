"""Slides with native shapes: a pen over python-pptx, text measured before it is placed."""
