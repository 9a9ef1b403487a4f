"""Sentences of an answer in, journey stages (ジャーニー段階) with evidence, facets and details out.

Everything that needs spaCy runs in one process of its own; other stages talk to it through `client`.
"""
