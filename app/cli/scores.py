"""`n1 purchases scores`, `layers` and `thresholds`: R, F, M and deciles; types, pyramid and map; the numbers behind them."""

from typing import Annotated

import typer

from app.accounts.schemas import COMMAND_LINE
from app.cli.common import faults_told, parts, reading, say, say_json, words, writing
from app.core.i18n import N_
from app.purchases.classes import CLASS_LABELS, TYPE_LABELS
from app.purchases.scoring import queries, thresholds
from app.purchases.scoring.cutoffs import RANKS
from app.purchases.scoring.schemas import Preview, Returned
from app.purchases.scoring.type_tables import LAYER_LABELS
from app.purchases.segments_file import Numbers, defaults
from app.purchases.tasks import run_rebuild
from app.serving.documents import scoring as documents
from app.serving.documents.amounts import plain_decimal
from app.serving.thresholds import ask_numbers, keep_numbers

JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
SetFlag = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="another number; may be repeated")
]
DefaultsFlag = Annotated[bool, typer.Option("--defaults", help="all numbers as in the file")]
YesFlag = Annotated[bool, typer.Option("--yes", help="keep the numbers and count the figures anew")]
NO_ORDERS = N_("There are no orders in the store.")
MOVED = N_("Class changes: {classes}. Type changes: {types}. Super loyal changes: {best}.")


def scores(*, json: JsonFlag = False) -> None:
    """Print R, F, M as points and by fixed cut-offs, and deciles."""
    with faults_told(), reading() as session:
        found = queries.read_scores(session, parts().orders)
    if json:
        say_json(documents.scores(found))
        return
    if found is None:
        say(words()(NO_ORDERS))
        return
    for cell in found.points.cells:
        say(f"R{cell.r}\tF{cell.f}\t{cell.people}\t{_share(cell.returned)}")
    for cell in found.ranks.cells:
        say(f"R-{RANKS[cell.r - 1]}\tF-{RANKS[cell.f - 1]}\t{cell.people}\t{_share(cell.returned)}")
    for currency, rows in found.deciles.items():
        for row in rows:
            say(
                f"D{row.decile}\t{currency}\t{row.people}\t{plain_decimal(row.amount, currency)}\t{row.share:.1%}\t{row.cumulative:.1%}"
            )


def layers(*, json: JsonFlag = False) -> None:
    """Print purchase types still buying or stopped, the pyramid, and what people said in surveys."""
    with faults_told(), reading() as session:
        found = queries.read_layers(session, parts().orders)
    if json:
        say_json(documents.layers(found))
        return
    t = words()
    if found is None:
        say(t(NO_ORDERS))
        return
    for cell in found.types:
        state = t(N_("stopped (lapsed or churned)") if cell.stopped else N_("buying (active)"))
        kind = next(label for key, label in TYPE_LABELS.items() if key.value == cell.purchase_type)
        say(f"{t(kind)}\t{state}\t{cell.people}\t{_share(cell.returned)}")
    for layer in found.layers:
        said = f"{layer.asked.wanting}/{layer.asked.intention}"
        say(f"{t(LAYER_LABELS[layer.key])}\t{layer.people}\t{said}")


def thresholds_command(
    *, given: SetFlag = None, usual: DefaultsFlag = False, yes: YesFlag = False, json: JsonFlag = False
) -> None:  # fmt: skip
    """Print the numbers behind classes and ranks; with others, who would move. Only --yes keeps them."""
    texts = _given(given or [])
    with faults_told():
        with reading() as session:
            asked = ask_numbers(session, parts().orders, given=texts, usual=usual)
        if yes and asked.changed:
            with writing() as session:
                rebuild = keep_numbers(
                    session, parts().orders, given=texts, usual=usual, actor=COMMAND_LINE, now=parts().clock()
                )
            if rebuild:
                run_rebuild(parts())
    if json:
        say_json(documents.thresholds(asked.numbers, asked.currencies, asked.preview, kept=yes))
    else:
        _say_thresholds(asked.numbers, asked.currencies, asked.preview)


def _say_thresholds(numbers: Numbers, currencies: tuple[str, ...], preview: Preview | None) -> None:
    values, usual = thresholds.typed(numbers, currencies), thresholds.typed(defaults(), currencies)
    for name, value in values.items():
        say(f"{name}\t{value}" + ("" if value == usual[name] else f"\t({usual[name]})"))
    if preview:
        t = words()
        classes, types, best = preview.moved
        say(t(MOVED, classes=classes, types=types, best=best))
        labels = {key.value: label for key, label in CLASS_LABELS.items()}
        for move in preview.classes:
            if move.was != move.to and move.people:
                say(f"{t(labels[move.was])} → {t(labels[move.to])}\t{move.people}")


def _given(texts: list[str]) -> dict[str, str]:
    return {name: value for name, _, value in (text.partition("=") for text in texts)}


def _share(returned: Returned) -> str:
    return "-" if returned.share is None else f"{returned.share:.1%}"
