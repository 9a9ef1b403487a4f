"""The editable numbers as people type them, by name: read with bounds, checked against each other, written back. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases.classes import Segments
from app.purchases.scoring.cutoffs import OTHER, Cutoffs
from app.purchases.segments_file import Numbers

LETTERS = ("a", "b", "c", "d")
ASCENDING = N_("Each limit has to be larger than the one before it.")
DESCENDING = N_("Each limit has to be smaller than the one before it.")
LEAST_MOST = N_("The longest lapse has to be as long as the shortest, or longer.")
CHECK = N_("Some numbers cannot be used.")
HUNDRED = Decimal(100)


def plain(value: object) -> object:
    """Return digits and signs as ASCII, without separators: people type １０,０００, too."""
    return unicodedata.normalize("NFKC", value).replace(",", "").strip() if isinstance(value, str) else value


Whole = BeforeValidator(plain)
Days = Annotated[int, Whole, Field(ge=1, le=3650)]
NoDays = Annotated[int, Whole, Field(ge=0, le=3650)]
Orders = Annotated[int, Whole, Field(ge=1, le=10_000)]
Times = Annotated[int, Whole, Field(ge=1, le=20)]
Orderly = Annotated[Decimal, Whole, Field(ge=Decimal("0.1"), le=1000, decimal_places=4)]
Most = Annotated[Decimal, Whole, Field(ge=50, le=Decimal("99.9"), decimal_places=4)]
Few = Annotated[Decimal, Whole, Field(ge=Decimal("0.1"), le=50, decimal_places=4)]
Amount = Annotated[Decimal, Whole, Field(gt=0, lt=10**12, decimal_places=4)]


class _Typed(BaseModel):
    """The numbers with one value each, and the limits of days and orders."""

    model_config = ConfigDict(extra="ignore")

    long_days: Days
    high_orders: Orderly
    lapse_percent: Most
    lapse_least: Days
    lapse_most: Days
    churn_days: Days
    churn_times_lapse: Times
    super_loyal_percent: Few
    super_loyal_days: Days
    days_a: NoDays
    days_b: Days
    days_c: Days
    days_d: Days
    orders_a: Orders
    orders_b: Orders
    orders_c: Orders
    orders_d: Orders


class _Amounts(BaseModel):
    """The limits of one currency."""

    a: Amount
    b: Amount
    c: Amount
    d: Amount


class BadNumbers(AppError):
    """Some numbers cannot be used; `faults` has (pydantic's type or a msgid, what fills it) by name."""

    def __init__(self, faults: Mapping[str, tuple[str, Mapping[str, object]]]) -> None:
        """Keep what is wrong with which."""
        super().__init__("bad_numbers", CHECK)
        self.faults = faults


def typed(numbers: Numbers, currencies: Iterable[str]) -> dict[str, str]:
    """Return the numbers as a form shows them, by name; amounts for these currencies."""
    segments, cutoffs = numbers.segments, numbers.cutoffs
    found = {
        "long_days": str(segments.long_days),
        "high_orders": f"{segments.high_orders.normalize():f}",
        "lapse_percent": percent(segments.lapse_share),
        "lapse_least": str(segments.lapse_least),
        "lapse_most": str(segments.lapse_most),
        "churn_days": str(segments.churn_days),
        "churn_times_lapse": str(segments.churn_times_lapse),
        "super_loyal_percent": percent(segments.super_loyal_share),
        "super_loyal_days": str(segments.super_loyal_days),
    }
    for name, limits in (("days", cutoffs.days), ("orders", cutoffs.orders)):
        found |= {f"{name}_{letter}": str(limit) for letter, limit in zip(LETTERS, limits, strict=True)}
    for currency in currencies:
        amounts = zip(LETTERS, cutoffs.amounts(currency), strict=True)
        found |= {f"amount_{currency}_{letter}": f"{limit.normalize():f}" for letter, limit in amounts}
    return found


def percent(share: float) -> str:
    """Return a share as percent without needless zeros: 0.9 → 90."""
    return f"{(Decimal(str(share)) * HUNDRED).normalize():f}"


def read(values: Mapping[str, str], currencies: Iterable[str], base: Numbers) -> Numbers:
    """Return the numbers of a form. Currencies of `base` that the form does not have stay as they are.

    Raises:
        BadNumbers: some are missing, out of bounds or at odds with each other.
    """
    faults: dict[str, tuple[str, Mapping[str, object]]] = {}
    given = {name: value for name, value in values.items() if value.strip()}
    amounts = dict(base.cutoffs.amount)
    for currency in currencies:
        own = {letter: given.get(f"amount_{currency}_{letter}", "") for letter in LETTERS}
        try:
            amounts[currency] = tuple(dict(_Amounts.model_validate(own)).values())
        except ValidationError as invalid:
            faults |= {f"amount_{currency}_{name}": fault for name, fault in _faults(invalid).items()}
        else:
            _in_order(faults, f"amount_{currency}", amounts[currency], rising=False)
    try:
        one = _Typed.model_validate(given)
    except ValidationError as invalid:
        raise BadNumbers(_faults(invalid) | faults) from invalid
    if one.lapse_least > one.lapse_most:
        faults["lapse_most"] = (LEAST_MOST, {})
    days, orders = (tuple(getattr(one, f"{name}_{letter}") for letter in LETTERS) for name in ("days", "orders"))
    _in_order(faults, "days", days, rising=True)
    _in_order(faults, "orders", orders, rising=False)
    if faults:
        raise BadNumbers(faults)
    limits = [(code, amounts[code]) for code in amounts if code != OTHER]
    return Numbers(_segments(one), Cutoffs(days, orders, (*limits, (OTHER, amounts[OTHER]))))


def _segments(one: _Typed) -> Segments:
    return Segments(
        long_days=one.long_days,
        high_orders=one.high_orders,
        lapse_share=float(one.lapse_percent / HUNDRED),
        lapse_least=one.lapse_least,
        lapse_most=one.lapse_most,
        churn_days=one.churn_days,
        churn_times_lapse=one.churn_times_lapse,
        super_loyal_share=float(one.super_loyal_percent / HUNDRED),
        super_loyal_days=one.super_loyal_days,
    )


def _in_order(
    faults: dict[str, tuple[str, Mapping[str, object]]], name: str, limits: tuple[Any, ...], *, rising: bool
) -> None:
    for letter, one, other in zip(LETTERS[1:], limits, limits[1:], strict=False):
        if (one >= other) if rising else (one <= other):
            faults.setdefault(f"{name}_{letter}", (ASCENDING if rising else DESCENDING, {}))


def _faults(invalid: ValidationError) -> dict[str, tuple[str, Mapping[str, object]]]:
    return {
        str(error["loc"][0]): (error["type"], error.get("ctx", {}))
        for error in invalid.errors(include_url=False, include_input=False)
    }
