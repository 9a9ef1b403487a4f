"""Results of a stage as JSON documents: the keys that the command line (`--json`) and the API share (docs/cli.md).

Dates stay dates and enums enums: whoever writes a document writes them as text. Amounts are decimal strings by currency.
"""
