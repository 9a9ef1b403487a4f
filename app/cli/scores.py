"""`n1 purchases scores`, `layers` and `thresholds`: R, F, M and deciles; types, pyramid and map; the numbers behind them."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from app.accounts.schemas import COMMAND_LINE
from app.cli.common import faults_told, parts, plain_decimal, reading, say, say_json, words, writing
from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases import queries as purchases
from app.purchases.classes import CLASS_LABELS, TYPE_LABELS
from app.purchases.scoring import operations, queries, thresholds
from app.purchases.scoring.cutoffs import RANKS
from app.purchases.scoring.schemas import Layers, Money, Move, Preview, Returned, Scores, ScoreTable
from app.purchases.scoring.type_tables import LAYER_LABELS
from app.purchases.segments_file import Numbers, defaults, in_force
from app.purchases.tasks import run_rebuild

JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
SetFlag = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="another number; may be repeated")
]
DefaultsFlag = Annotated[bool, typer.Option("--defaults", help="all numbers as in the file")]
YesFlag = Annotated[bool, typer.Option("--yes", help="keep the numbers and count the figures anew")]
NO_ORDERS = N_("There are no orders in the store.")
UNKNOWN = N_("There is no number called {name}.")
WRONG = N_("These numbers cannot be used: {names}.")
MOVED = N_("Class changes: {classes}. Type changes: {types}. Super loyal changes: {best}.")


def scores(*, json: JsonFlag = False) -> None:
    """Print R, F, M as points and by fixed cut-offs, and deciles."""
    with faults_told(), reading() as session:
        found = queries.read_scores(session, parts().orders)
    if json:
        say_json(_scores(found) if found else {"points": None})
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
        say_json(_layers(found) if found else {"types": None})
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
    with faults_told():
        with reading() as session:
            current = in_force(session)
            overview = purchases.overview(session, parts().orders)
            currencies = queries.currencies(overview, current.cutoffs)
            numbers = _given(current, currencies, given or [], usual=usual)
            preview = None
            if numbers != current:
                preview = queries.read_preview(session, parts().orders, numbers=numbers)
        if yes and numbers != current:
            with writing() as session:
                rebuild = operations.set_numbers(session, numbers=numbers, actor=COMMAND_LINE, now=parts().clock())
            if rebuild:
                run_rebuild(parts())
    _say_thresholds(numbers, currencies, preview, kept=yes, json=json)


def _say_thresholds(
    numbers: Numbers, currencies: tuple[str, ...], preview: Preview | None, *, kept: bool, json: bool
) -> None:  # fmt: skip
    values, usual = thresholds.typed(numbers, currencies), thresholds.typed(defaults(), currencies)
    if json:
        listed = {name: {"value": value, "default": usual[name]} for name, value in values.items()}
        say_json({"thresholds": listed, "preview": _preview(preview) if preview else None, "kept": kept})
        return
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


def _given(current: Numbers, currencies: tuple[str, ...], given: list[str], *, usual: bool) -> Numbers:
    """Return the numbers of the options.

    Raises:
        AppError: a name is unknown, or a number cannot be used.
    """
    base = defaults() if usual else current
    values = thresholds.typed(base, currencies)
    for text in given:
        name, _, value = text.partition("=")
        if name not in values:
            raise AppError("unknown_number", UNKNOWN, name=name)
        values[name] = value
    try:
        return thresholds.read(values, currencies, base)
    except thresholds.BadNumbers as fault:
        raise AppError("bad_numbers", WRONG, names=", ".join(fault.faults)) from fault


def _money(amount: Money) -> dict[str, str]:
    return {currency: plain_decimal(value, currency) for currency, value in amount.items()}


def _share(returned: Returned) -> str:
    return "-" if returned.share is None else f"{returned.share:.1%}"


def _returned(returned: Returned) -> dict[str, Any]:
    return {"measured_people": returned.base, "came_back": returned.back, "returned_share": returned.share}


def _table(table: ScoreTable) -> dict[str, Any]:
    return {
        "cells": [
            {"r": one.r, "f": one.f, "people": one.people, "amount": _money(one.amount), **_returned(one.returned)}
            for one in table.cells
        ],
        "m": [
            {"m": one.m, "currency": one.currency, "people": one.people, "amount": _money(one.amount), **_returned(one.returned)}
            for one in table.rows
        ],
    }  # fmt: skip


def _scores(found: Scores) -> dict[str, Any]:
    return {
        "as_of": found.as_of, "customers": found.customers, "past": asdict(found.past), "points": _table(found.points),
        "ranks": {"names": list(RANKS), **_table(found.ranks)},
        "deciles": {currency: [asdict(row) | {"amount": plain_decimal(row.amount, currency)} for row in rows] for currency, rows in found.deciles.items()},
    }  # fmt: skip


def _layers(found: Layers) -> dict[str, Any]:
    return {
        "as_of": found.as_of, "customers": found.customers, "past": asdict(found.past),
        "types": [
            {
                "purchase_type": one.purchase_type, "stopped": one.stopped, "people": one.people,
                "amount": _money(one.amount), **_returned(one.returned),
            }
            for one in found.types
        ],
        "layers": [asdict(layer) | {"amount": _money(layer.amount)} for layer in found.layers], "super_loyal": found.super_loyal,
        "surveys": [asdict(survey) for survey in found.surveys],
    }  # fmt: skip


def _preview(found: Preview) -> dict[str, Any]:
    classes, types, best = found.moved
    return {
        "customers": found.customers,
        "moved": {"customer_class": classes, "purchase_type": types, "super_loyal": best, "ranks": dict(found.ranks)},
        "customer_class": _moves(found.classes), "purchase_type": _moves(found.types),
        "super_loyal": _moves(found.super_loyal), "sources_now": [asdict(one) for one in found.before],
        "sources_then": [asdict(one) for one in found.after],
    }  # fmt: skip


def _moves(moves: tuple[Move, ...]) -> list[dict[str, Any]]:
    return [{"from": one.was, "to": one.to, "people": one.people} for one in moves if one.people]
