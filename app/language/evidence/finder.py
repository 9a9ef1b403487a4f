"""Finds the evidence of the stages that a sentence carries."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from app.language.codebook import STAGES, Stage
from app.language.evidence.features import words_of
from app.language.evidence.model import EvidenceModel
from app.language.evidence.spans import candidates, chosen, scores
from app.language.rules import trimmed
from app.language.schemas import SENTENCE_LIMIT, Token

FILE = Path(__file__).resolve().parents[3] / "seed_data" / "tagger" / "evidence.npz"


class EvidenceFinder:
    """Gives each stage of a sentence the shortest span that carries it."""

    def __init__(self, model: EvidenceModel) -> None:
        """Keep the weights."""
        self._model = model

    @classmethod
    def load(cls) -> Self:
        """Load the weights that come with the product.

        Raises:
            UnusableWeights: the file is missing or broken.
        """
        return cls(EvidenceModel.load(FILE))

    def find(
        self, text: str, tokens: Sequence[Token], stages: Sequence[Stage], lang: str
    ) -> dict[Stage, tuple[int, int]]:  # fmt: skip
        """Return where the evidence of each stage starts and ends in the text, in code points.

        Args:
            text: the sentence.
            tokens: its words, their offsets within it; evidence stands in the first `SENTENCE_LIMIT` of them, as all stretches
                of them are weighed: memory grows with their square.
            stages: what the sentence carries; spans are chosen together, so that stages rarely rest on the same words.
            lang: "ja" or "en".
        """
        if not tokens:
            return dict.fromkeys(stages, (0, len(text)))
        words = words_of(tokens[:SENTENCE_LIMIT], lang)
        speaking = self._model.speaking(words, [STAGES.index(stage) for stage in stages])
        spans = chosen([candidates(scores(one, self._model.lengths, words.opens)) for one in speaking], words.counts)
        return {
            stage: trimmed(text, tokens[first].start, tokens[last].end)
            for stage, (first, last) in zip(stages, spans, strict=True)
        }
