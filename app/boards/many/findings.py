"""Sentences that say what a study board means, computed from its counts, each with its base in words."""

from collections.abc import Sequence

from app.boards.study_schemas import ClassCount, CountRow, Finding, PeopleCell, StageRow
from app.candidates.sentences import Sentence, Term
from app.core.i18n import N_
from app.language.codebook import STAGE_LABELS, AnxietyKind, Stage
from app.purchases.classes import CLASS_LABELS

MOST = 3
BY_DEFINITION = frozenset({Stage.CHURN_REASON, Stage.LOYALTY_TRIGGER})
FEWEST_PEOPLE = 2
"""What a single person said is their story, not a finding."""


def findings(
    classes: Sequence[ClassCount],
    table: Sequence[StageRow],
    anxieties: Sequence[CountRow],
    cancel_reasons: Sequence[CountRow],
    channels: Sequence[CountRow],
) -> tuple[Finding, ...]:
    """Return at most three findings: the widest gap, the leading cancel reason, worries, then channels."""
    everybody = sum(count.people for count in classes)
    found = [
        gap_finding(table),
        reason_finding(cancel_reasons, everybody),
        worry_finding(anxieties, everybody),
        channel_finding(channels, everybody),
    ]
    return tuple(finding for finding in found if finding is not None)[:MOST]


def gap_finding(table: Sequence[StageRow]) -> Finding | None:
    """Return the stage on which two classes differ most among the people who were asked.

    Why somebody left or stays parts the classes by their very definition: no finding.
    """
    rows = [(spread(row.cells), row) for row in table if row.wide_gap and row.stage not in BY_DEFINITION]
    if not rows:
        return None
    row = max(rows, key=lambda pair: pair[0])[1]
    high, low = extremes(row.cells)
    return Finding(
        text=Sentence(
            N_("“{stage}” parts the classes: {high} spoke of it, {low} hardly did."),
            (("stage", Term(STAGE_LABELS[row.stage])), ("high", class_name(high)), ("low", class_name(low))),
        ),
        base=Sentence(
            N_("{high} {n} of {of}, {low} {m} of {low_of} people"),
            (
                ("high", class_name(high)),
                ("n", high.people),
                ("of", high.heard),
                ("low", class_name(low)),
                ("m", low.people),
                ("low_of", low.heard),
            ),
        ),
        quotes=1 if row.voice else 0,
    )


def spread(cells: Sequence[PeopleCell]) -> float:
    """Return the largest difference of shares between classes of two or more people."""
    high, low = extremes(cells)
    return high.people / high.heard - low.people / low.heard


def extremes(cells: Sequence[PeopleCell]) -> tuple[PeopleCell, PeopleCell]:
    """Return the class that spoke most and the one that spoke least, by share."""
    able = sorted((cell for cell in cells if cell.heard >= FEWEST_PEOPLE), key=lambda cell: cell.people / cell.heard)
    return able[-1], able[0]


def reason_finding(rows: Sequence[CountRow], everybody: int) -> Finding | None:
    """Return the cancel reason that most people told."""
    if not rows or rows[0].people < FEWEST_PEOPLE:
        return None
    return counted(N_("The reason for leaving told most often is “{what}”."), rows[0], everybody)


def worry_finding(rows: Sequence[CountRow], everybody: int) -> Finding | None:
    """Return which kind of worry weighs more."""
    if not rows or rows[0].people < FEWEST_PEOPLE:
        return None
    if len(rows) > 1 and rows[1].people == rows[0].people:
        return counted(N_("Worries that can be shown and worries that cannot weigh alike."), rows[0], everybody)
    text = (
        N_("Before buying, people worried more about what cannot be shown: trust, effect, regret.")
        if rows[0].key == AnxietyKind.INVISIBLE
        else N_("Before buying, people worried more about what can be shown: price, terms, ingredients.")
    )
    return counted(text, rows[0], everybody)


def channel_finding(rows: Sequence[CountRow], everybody: int) -> Finding | None:
    """Return where most people say they first learned of the product."""
    if not rows or rows[0].people < FEWEST_PEOPLE:
        return None
    return counted(N_("Most often they first learned of it through “{what}”."), rows[0], everybody)


def counted(msgid: str, row: CountRow, everybody: int) -> Finding:
    """Return a finding about one row with its head-count."""
    return Finding(
        text=Sentence(msgid, (("what", Term(row.label)),)),
        base=Sentence(N_("{n} of {of} people"), (("n", row.people), ("of", everybody))),
        quotes=len(row.voices),
    )


def class_name(cell: PeopleCell) -> Term:
    return Term(CLASS_LABELS[cell.customer_class])
