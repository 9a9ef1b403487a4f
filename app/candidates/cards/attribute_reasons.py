"""What a card says of attributes: which quotas somebody fills, and that they refuse mail."""

from collections.abc import Iterator, Mapping, Sequence

from app.candidates.sentences import Sentence, Term, Value, sentence
from app.core.i18n import N_
from app.purchases.other.attribute_words import AGE_GROUP, CHILDREN, LABELS, MONTH, VALUE_LABELS, Attribute


def attribute_reasons(fills: Sequence[Attribute], known: Mapping[str, str]) -> Iterator[Sentence]:
    """Yield the sentences; no contact data, and nothing of attributes nobody asked for."""
    for one in fills:
        yield sentence(
            N_("Counts for the quota {attribute}: {value}."), strong=True,
            attribute=name_term(one.name), value=value_term(one.name, one.value),
        )  # fmt: skip
    if known.get("mail_refused") == "yes":
        yield sentence(N_("Refuses mail from the shop: invite in another way."))


def name_term(name: str) -> Value:
    """Return an attribute's name as it stands in a sentence."""
    return Term(LABELS[name]) if name in LABELS else name


def value_term(name: str, value: str) -> Value:
    """Return a value as it stands in a sentence."""
    if value in VALUE_LABELS.get(name, {}):
        return Term(VALUE_LABELS[name][value])
    if name == "age_band" and value.isdecimal():
        return sentence(AGE_GROUP, n=value) if int(value) else Term(CHILDREN)
    return sentence(MONTH, n=value) if name == "birth_month" and value.isdecimal() else value
