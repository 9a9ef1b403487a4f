"""What templates may call to say an attribute, a value and a quota in the reader's language."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from app.core.i18n import Translator
from app.purchases.other.attribute_words import name_label, value_label
from app.studies.attribute_quotas import as_text

IN_SHORT = ("sex", "age_band", "prefecture", "occupation")


def attribute_query(name: str, value: str) -> str:
    """Return the query by which the customer list shows the people who share a value."""
    return urlencode({"attribute": f"{name}={value}"})


def short_attributes(known: Mapping[str, str], t: Translator) -> str:
    """Return who somebody is in a few words, as far as customer files told: women・30s・東京都."""
    return t.join(value_label(name, known[name], t) for name in IN_SHORT if name in known)


ATTRIBUTE_GLOBALS: Mapping[str, Callable[..., object]] = {
    "attribute_name": name_label,
    "attribute_value": value_label,
    "attribute_query": attribute_query,
    "quota_text": as_text,
    "short_attributes": short_attributes,
}
