"""The tables of coming back as CSV: shares in percent. They hold no people."""

from collections.abc import Iterable
from datetime import date

from app.core.csv_text import CsvFile, csv_file
from app.core.i18n import N_, Translator
from app.purchases.repeat.schemas import CohortTable, CrossTable, Share, Steps, ValueRow
from app.purchases.repeat.steps import WITHIN
from app.purchases.repeat.value import DAYS

UNTIL_NOW = N_("So far, in percent")


def cohorts_csv(found: CohortTable, t: Translator) -> CsvFile:
    """Return one row for each cohort and month after it; the last column says whether that month is over."""
    head = (N_("First order in"), N_("Customers of the month"), N_("Months later"), N_("Month"), N_("People"), N_("Share in percent"), N_("Month is over"))  # fmt: skip
    return csv_file(
        [t(word) for word in head],
        (
            (f"{cohort.month:%Y-%m}", cohort.people, cell.nth, f"{cell.month:%Y-%m}", cell.people, _tenths(cell.share), int(cell.over))
            for cohort in found.cohorts
            for cell in cohort.cells
        ),
        found.as_of,
        t,
    )  # fmt: skip


def steps_csv(found: Steps, t: Translator) -> CsvFile:
    """Return one row for each step: people, who went on, shares so far and within some days, median days."""
    head = [t(word) for word in (N_("Which order"), N_("Came so far"), N_("Went on"), UNTIL_NOW)]
    for days in WITHIN:
        head += [t(N_("Had {days} days"), days=days), t(N_("Within {days} days, in percent"), days=days)]
    return csv_file(
        [*head, t(N_("Median days"))],
        (
            (
                step.number, step.ever.base, step.ever.people, _percent(step.ever),
                *(cell for one in step.within for cell in (one.went_on.base, _percent(one.went_on))),
                step.gaps.quantiles.get(50, ""),
            )
            for step in found.steps
        ),
        found.as_of,
        t,
    )  # fmt: skip


def values_csv(rows: Iterable[ValueRow], began: str, as_of: date, t: Translator) -> CsvFile:
    """Return one row for each way to begin and currency; `began` is the msgid of what the keys are."""
    head = [t(word) for word in (began, N_("Currency"), N_("People"), N_("Mean order"))]
    for days in DAYS:
        head += [t(N_("Had {days} days"), days=days), t(N_("Mean amount after {days} days"), days=days)]
    return csv_file(
        head,
        (
            (
                row.key, row.currency, row.people, row.mean_order,
                *(cell for one in row.worth for cell in (one.people, "" if one.mean is None else one.mean)),
            )
            for row in rows
        ),
        as_of,
        t,
    )  # fmt: skip


def cross_csv(found: CrossTable, t: Translator) -> CsvFile:
    """Return one row for each pair of a first and a later product."""
    head = (N_("First product"), N_("People"), N_("Bought on a later day than the first"), N_("Bought it"), N_("Share in percent"))  # fmt: skip
    return csv_file(
        [t(word) for word in head],
        (
            (row.product, row.people, to, people, _percent(Share(people, row.people)))
            for row in found.rows
            for (to, _), people in zip(found.to, row.later, strict=True)
        ),
        found.as_of,
        t,
    )


def _percent(share: Share) -> str:
    return "" if share.share is None else _tenths(share.share)


def _tenths(share: float) -> str:
    return f"{share * 100:.1f}"
