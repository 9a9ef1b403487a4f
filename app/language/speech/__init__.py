"""The parts of the spaCy pipelines for speech, as factories: sentences, personal data, readings, stages.

A Doc holds an answer folded (`script.fold`), code point for code point. What the parts find stands in `doc.spans`
("sentences", "personal", "stages") and in the attributes that `attributes` registers.
"""
