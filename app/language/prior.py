"""How often each stage is said under each question, as log-odds against its overall share.

Hand-set: about four of five stages are what the question asks for; `loyalty_trigger` has no question.
"""

import math

from app.language.codebook import QUESTION_STAGE, STAGES, Stage

OVERALL: dict[Stage, float] = {
    Stage.PROBLEM: 0.13,
    Stage.AWARENESS: 0.12,
    Stage.CONSIDERATION: 0.11,
    Stage.ANXIETY: 0.12,
    Stage.PURCHASE_REASON: 0.14,
    Stage.EXPERIENCE: 0.17,
    Stage.LOYALTY_TRIGGER: 0.06,
    Stage.CHURN_REASON: 0.10,
    Stage.OTHER_PRODUCT: 0.12,
}
ON_QUESTION: dict[str, float] = {
    "q1": 0.76, "q2": 0.78, "q3": 0.72, "q4": 0.74, "q5": 0.74, "q6": 0.72, "q7": 0.80, "c1": 0.82, "c2": 0.74,
}  # fmt: skip
NEIGHBOURS: dict[str, dict[Stage, float]] = {
    "q1": {Stage.OTHER_PRODUCT: 0.14, Stage.EXPERIENCE: 0.04, Stage.CHURN_REASON: 0.01},
    "q2": {Stage.PURCHASE_REASON: 0.12, Stage.CONSIDERATION: 0.10, Stage.PROBLEM: 0.08},
    "q3": {Stage.PURCHASE_REASON: 0.16, Stage.ANXIETY: 0.14, Stage.AWARENESS: 0.06},
    "q4": {Stage.PROBLEM: 0.10, Stage.CONSIDERATION: 0.08, Stage.EXPERIENCE: 0.08},
    "q5": {Stage.CONSIDERATION: 0.10, Stage.ANXIETY: 0.08, Stage.OTHER_PRODUCT: 0.08},
    "q6": {Stage.LOYALTY_TRIGGER: 0.22, Stage.CHURN_REASON: 0.08, Stage.PROBLEM: 0.02},
    "q7": {Stage.PURCHASE_REASON: 0.04, Stage.EXPERIENCE: 0.06, Stage.PROBLEM: 0.04},
    "c1": {Stage.EXPERIENCE: 0.10, Stage.OTHER_PRODUCT: 0.12, Stage.LOYALTY_TRIGGER: 0.03},
    "c2": {Stage.EXPERIENCE: 0.06, Stage.OTHER_PRODUCT: 0.05, Stage.LOYALTY_TRIGGER: 0.08},
}
ELSEWHERE = 0.03
FADE = 0.03
"""How much of the prior each later sentence loses, down to `FADE_FLOOR`: drift is likelier there."""
FADE_FLOOR = 0.92


def logit(share: float) -> float:
    """Return the log-odds of a share."""
    return math.log(share / (1 - share))


def share_of(stage: Stage, question: str) -> float:
    """Return P(stage | question)."""
    if QUESTION_STAGE[question] is stage:
        return ON_QUESTION[question]
    return NEIGHBOURS[question].get(stage, ELSEWHERE)


def question_prior(question: str, position: int) -> dict[Stage, float]:
    """Return log-odds per stage for a sentence at this place of the answer; zero for an unknown question."""
    if question not in QUESTION_STAGE:
        return dict.fromkeys(STAGES, 0.0)
    faded = max(FADE_FLOOR, 1 - FADE * position)
    return {stage: faded * (logit(share_of(stage, question)) - logit(OVERALL[stage])) for stage in STAGES}
