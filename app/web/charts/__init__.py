"""Chart geometry: purchase facts in, frozen shapes out; templates draw them as SVG and say the words.

A shape holds numbers for attributes and raw facts (days, kinds, names); paint is in CSS classes.
"""
