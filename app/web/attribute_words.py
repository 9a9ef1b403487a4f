"""What templates may call to say an attribute, a value and a quota in the reader's language."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from app.purchases.other.attribute_words import name_label, value_label
from app.studies.attribute_quotas import as_text


def attribute_query(name: str, value: str) -> str:
    """Return the query by which the customer list shows the people who share a value."""
    return urlencode({"attribute": f"{name}={value}"})


ATTRIBUTE_GLOBALS: Mapping[str, Callable[..., object]] = {
    "attribute_name": name_label,
    "attribute_value": value_label,
    "attribute_query": attribute_query,
    "quota_text": as_text,
}
