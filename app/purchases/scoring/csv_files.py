"""Scores and layers as CSV: amounts in a column for each currency, shares in percent. They hold no people."""

from collections.abc import Iterable, Mapping

from app.core.csv_text import CsvFile, csv_file
from app.core.i18n import N_, Translator
from app.purchases.classes import TYPE_LABELS
from app.purchases.scoring.cutoffs import RANKS
from app.purchases.scoring.schemas import Layers, Money, Past, Returned, Scores
from app.purchases.scoring.type_tables import LAYER_LABELS

AMOUNT_IN = N_("Amount ({currency})")
BUYING, STOPPED = N_("buying (active)"), N_("stopped (lapsed or churned)")


def scores_csv(found: Scores, t: Translator, *, ranks: bool) -> CsvFile:
    """Return one row for each R × F and for each M, as points or (`ranks`) by fixed limits."""
    table = found.ranks if ranks else found.points
    currencies = tuple(found.sources)
    rows: list[tuple[object, ...]] = [
        (_point(cell.r, ranks=ranks), _point(cell.f, ranks=ranks), "", "", cell.people, *_amounts(cell.amount, currencies), *_came(cell.returned))
        for cell in table.cells
    ]  # fmt: skip
    rows += [
        ("", "", _point(row.m, ranks=ranks), row.currency, row.people, *_amounts(row.amount, currencies), *_came(row.returned))
        for row in table.rows
    ]  # fmt: skip
    head = (
        "R",
        "F",
        "M",
        t(N_("Currency")),
        t(N_("People")),
        *_amount_heads(currencies, t),
        *_came_heads(found.past, t),
    )
    return csv_file(head, rows, found.as_of, t)


def deciles_csv(found: Scores, t: Translator) -> CsvFile:
    """Return one row for each decile of each currency."""
    head = (N_("Decile"), N_("Currency"), N_("People"), N_("Amount"), N_("Share of people (%)"), N_("Share of sales (%)"), N_("Cumulative (%)"))  # fmt: skip
    return csv_file(
        [t(word) for word in head],
        (
            (f"D{row.decile}", currency, row.people, row.amount, *map(_tenths, (row.people_share, row.share, row.cumulative)))
            for currency, rows in found.deciles.items()
            for row in rows
        ),
        found.as_of,
        t,
    )  # fmt: skip


def types_csv(found: Layers, t: Translator) -> CsvFile:
    """Return one row for each of the ten cells."""
    labels = {key.value: text for key, text in TYPE_LABELS.items()}
    currencies = tuple(found.amount)
    head = (t(N_("Type")), t(N_("State")), t(N_("People")), *_amount_heads(currencies, t), *_came_heads(found.past, t))
    rows = (
        (t(labels[cell.purchase_type]), t(STOPPED if cell.stopped else BUYING), cell.people, *_amounts(cell.amount, currencies), *_came(cell.returned))
        for cell in found.types
    )  # fmt: skip
    return csv_file(head, rows, found.as_of, t)


def layers_csv(found: Layers, t: Translator) -> CsvFile:
    """Return one row for each layer: people of the purchase data, answers of those asked, and the newest survey of the rest."""
    currencies = tuple(found.amount)
    words = (N_("Asked for their intention"), N_("Wants it again"), N_("Undecided or not"), N_("Asked for their liking"), N_("Brand liking (1 to 5)"))  # fmt: skip
    head = (
        t(N_("Layer")),
        t(N_("People")),
        *_amount_heads(currencies, t),
        *map(t, words),
        t(N_("People asked in the survey")),
    )
    rows: list[tuple[object, ...]] = []
    for layer in found.layers:
        said = layer.asked
        mean = "" if said.mean_liking is None else f"{said.mean_liking:.1f}"
        answers = (said.intention, said.wanting, said.intention - said.wanting, said.liking, mean, "")
        rows.append((t(LAYER_LABELS[layer.key]), layer.people, *_amounts(layer.amount, currencies), *answers))
    blank = ("",) * len(currencies)
    if survey := found.survey:
        wanting = survey.aware_wanting
        asked = ("", "", "") if wanting is None else (survey.aware, wanting, survey.aware - wanting)
        aware, unaware = LAYER_LABELS["aware"], LAYER_LABELS["unaware"]
        rows.append((t(aware), survey.aware, *blank, *asked, "", "", survey.asked))
        rows.append((t(unaware), survey.unaware, *blank, *("",) * 5, survey.asked))
    return csv_file(head, rows, found.as_of, t)


def _point(number: int, *, ranks: bool) -> str | int:
    return RANKS[number - 1] if ranks else number


def _amount_heads(currencies: Iterable[str], t: Translator) -> list[str]:
    return [t(AMOUNT_IN, currency=currency) for currency in currencies]


def _amounts(amount: Money, currencies: Iterable[str]) -> list[object]:
    return [amount.get(currency, 0) for currency in currencies]


def _came_heads(past: Past, t: Translator) -> list[str]:
    words: Mapping[str, object] = {"day": past.cutoff, "days": past.within_days}
    return [t(N_("Stood there on {day}"), **words), t(N_("of them ordered again within {days} days"), **words)]


def _came(returned: Returned) -> tuple[object, object]:
    return returned.base, returned.back


def _tenths(share: float) -> str:
    return f"{share * 100:.1f}"
