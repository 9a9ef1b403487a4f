"""Conditions as programs and commands write them: every name has to be known and have a value, or other people would be chosen."""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import parse_qsl

from pydantic import StringConstraints

from app.core.errors import AppError
from app.core.i18n import N_
from app.core.types import CleanText
from app.purchases.segments.fields import FIELDS
from app.purchases.segments.rule import BadCondition, Rule, read_rule

LONGEST = 8000
MOST = 400
NO_FIELD = N_("There is no condition called {name}.")
TOO_MANY = N_("These are more than {most} conditions.")
RuleText = Annotated[CleanText, StringConstraints(max_length=LONGEST)]


class UnknownField(AppError):
    """A condition of a name that is no field; `field` is the name."""

    def __init__(self, name: str) -> None:
        """Name it."""
        self.field = name[:64]
        super().__init__("unknown_field", NO_FIELD, name=self.field)


def rule_of(pairs: Iterable[tuple[str, str]]) -> Rule:
    """Return the rule of names and values.

    Raises:
        UnknownField: a name is no field.
        BadCondition: a value is missing or cannot be read.
    """
    given = list(pairs)
    for name, text in given:
        if name not in FIELDS:
            raise UnknownField(name)
        if not text.strip():
            raise BadCondition(FIELDS[name])
    return read_rule(given)


def rule_in(text: str) -> Rule:
    """Return the rule of a query as in the page's address: `customer_class=lapsed&orders=2-`.

    Raises:
        UnknownField: a name is no field.
        BadCondition: a value is missing or cannot be read.
        AppError: they are more than `MOST`.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST)
    except ValueError:
        raise AppError("too_many_conditions", TOO_MANY, most=MOST) from None
    return rule_of(pairs)
