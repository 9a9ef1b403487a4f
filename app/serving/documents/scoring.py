"""Scores, layers and the numbers behind them, as documents."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.purchases.scoring import thresholds as typed_numbers
from app.purchases.scoring.cutoffs import RANKS
from app.purchases.scoring.schemas import Layers, Move, Preview, Returned, Scores, ScoreTable
from app.purchases.segments_file import Numbers, defaults
from app.serving.documents.amounts import by_currency, plain_decimal


def thresholds(numbers: Numbers, currencies: Sequence[str], preview: Preview | None, *, kept: bool) -> dict[str, Any]:
    """Return the numbers with their defaults, and who would move with them."""
    usual = typed_numbers.typed(defaults(), currencies)
    listed = {
        name: {"value": value, "default": usual[name]}
        for name, value in typed_numbers.typed(numbers, currencies).items()
    }
    return {"thresholds": listed, "preview": _preview(preview) if preview else None, "kept": kept}


def _returned(returned: Returned) -> dict[str, Any]:
    return {"measured_people": returned.base, "came_back": returned.back, "returned_share": returned.share}


def _table(table: ScoreTable) -> dict[str, Any]:
    return {
        "cells": [
            {"r": one.r, "f": one.f, "people": one.people, "amount": by_currency(one.amount), **_returned(one.returned)}
            for one in table.cells
        ],
        "m": [
            {"m": one.m, "currency": one.currency, "people": one.people, "amount": by_currency(one.amount), **_returned(one.returned)}
            for one in table.rows
        ],
    }  # fmt: skip


def scores(found: Scores | None) -> dict[str, Any]:
    """Return R, F, M and deciles; `points` is null while there are no orders."""
    if found is None:
        return {"points": None}
    return {
        "as_of": found.as_of, "customers": found.customers, "past": asdict(found.past), "points": _table(found.points),
        "ranks": {"names": list(RANKS), **_table(found.ranks)},
        "deciles": {currency: [asdict(row) | {"amount": plain_decimal(row.amount, currency)} for row in rows] for currency, rows in found.deciles.items()},
    }  # fmt: skip


def layers(found: Layers | None) -> dict[str, Any]:
    """Return types, pyramid and surveys; `types` is null while there are no orders."""
    if found is None:
        return {"types": None}
    return {
        "as_of": found.as_of, "customers": found.customers, "past": asdict(found.past),
        "types": [
            {
                "purchase_type": one.purchase_type, "stopped": one.stopped, "people": one.people,
                "amount": by_currency(one.amount), **_returned(one.returned),
            }
            for one in found.types
        ],
        "layers": [asdict(layer) | {"amount": by_currency(layer.amount)} for layer in found.layers], "super_loyal": found.super_loyal,
        "surveys": [asdict(survey) for survey in found.surveys], "answers_later": found.answers_later,
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
