"""Colours and faces of a deck: the palette of the screens, on white."""

from dataclasses import dataclass

from app.language.codebook import Stage
from app.purchases.classes import CustomerClass

INK, INK_2, INK_3 = "171C24", "434B57", "5D6672"
PAPER, SUNKEN, LINE, LINE_2, CONTROL = "FFFFFF", "F7F8FA", "E1E5EA", "C6CCD4", "7D8692"
ACCENT, ACCENT_TINT, ACCENT_TINT_2 = "1F4A96", "E9EFF9", "CFDCF2"

STAGE_FILL = {
    Stage.PROBLEM: "71519C",
    Stage.AWARENESS: "C08C3E",
    Stage.CONSIDERATION: "084654",
    Stage.ANXIETY: "CDBF7A",
    Stage.PURCHASE_REASON: "FEBECE",
    Stage.EXPERIENCE: "5888B1",
    Stage.LOYALTY_TRIGGER: "6CB59F",
    Stage.CHURN_REASON: "7D3C34",
    Stage.OTHER_PRODUCT: "727272",
}
LIGHT_ON = frozenset({Stage.PROBLEM, Stage.CONSIDERATION, Stage.CHURN_REASON, Stage.OTHER_PRODUCT})
CLASS_MARK = {  # shapes that every Japanese face has; the word always stands beside them
    CustomerClass.LOYAL: "●",
    CustomerClass.LAPSED: "△",
    CustomerClass.CHURNED: "×",
    CustomerClass.ACTIVE: "○",
    CustomerClass.NEW: "○",
}


@dataclass(frozen=True, slots=True)
class Faces:
    """Typefaces: what was said is in `voice`, everything else in `record`."""

    record: str = "Yu Gothic"
    voice: str = "Yu Mincho"


def on_stage(stage: Stage) -> str:
    """Return the colour of text on a stage's colour."""
    return PAPER if stage in LIGHT_ON else INK


def tint(stage: Stage, share: float = 0.13) -> str:
    """Return a stage's colour thinned with white."""
    fill = STAGE_FILL[stage]
    parts = (int(fill[place : place + 2], 16) for place in (0, 2, 4))
    return "".join(f"{round(255 - (255 - part) * share):02X}" for part in parts)


def edge(stage: Stage, share: float = 0.62) -> str:
    """Return a stage's colour mixed with ink: its outline."""
    fill = STAGE_FILL[stage]
    mixed = (
        round(int(fill[place : place + 2], 16) * share + int(INK[place : place + 2], 16) * (1 - share))
        for place in (0, 2, 4)
    )
    return "".join(f"{part:02X}" for part in mixed)
