"""What the second layer reads: the first layer's findings beside the question, the customer and the sentence before."""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from app.language.codebook import QUESTION_STAGE, STAGES, Stage
from app.language.light.features import Array
from app.language.schemas import SentenceInput

QUESTIONS: Final = tuple(QUESTION_STAGE)
CLASSES: Final = ("loyal", "lapsed", "churned")
FARTHEST = 4
"""Places in an answer from this one on count alike."""
RULE_BOUND = 4.0
SHARED = len(STAGES) + 3 + len(CLASSES) + len(QUESTIONS)
OWN = 2
"""A stage's own numbers: its log-odds by the first layer and the score of its cue rules."""
SIZE = SHARED + OWN + 1
"""With the constant."""


def shared(sentence: SentenceInput, before: Array | None) -> Array:
    """Return what is the same for all stages, shape (SHARED,); `before` holds the stages' chances of the sentence before."""
    found = np.zeros(SHARED, np.float32)
    stages = len(STAGES)
    if before is None:
        found[stages] = 1
    else:
        found[:stages] = before
    found[stages + 1] = min(sentence.position, FARTHEST)
    found[stages + 2] = math.log2(len(sentence.text) + 1)
    for offset, names, given in (
        (stages + 3, CLASSES, sentence.customer),
        (stages + 3 + len(CLASSES), QUESTIONS, sentence.question),
    ):
        if given in names:
            found[offset + names.index(given)] = 1
    return found


def stacked(common: Array, logits: Array, rules: Mapping[Stage, float]) -> Array:
    """Return the second layer's input for every stage, shape (stages, SIZE), the constant last."""
    own = [min(max(rules.get(stage, 0.0), -RULE_BOUND), RULE_BOUND) for stage in STAGES]
    return np.column_stack(
        (np.tile(common, (len(STAGES), 1)), logits, np.array(own, np.float32), np.ones(len(STAGES), np.float32))
    ).astype(np.float32)
