"""What pydantic finds wrong, as sentences that pages and the API share."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic_core import ErrorDetails

from app.core.i18n import N_

MESSAGES = {
    "missing": N_("Please fill this in."),
    "string_too_short": N_("Please write at least {min_length} characters."),
    "string_too_long": N_("Please write at most {max_length} characters."),
    "too_short": N_("Please write at least {min_length} characters."),
    "too_long": N_("Please write at most {max_length} characters."),
    "string_pattern_mismatch": N_("Please use only letters, digits and . _ @ + - here."),
    "int_parsing": N_("Please write a whole number."),
    "int_from_float": N_("Please write a whole number."),
    "decimal_parsing": N_("Please write a number."),
    "decimal_max_places": N_("Please write fewer decimals."),
    "survey_parts": N_("Together these are more people than were asked."),
    "survey_wanting": N_("These are more people than those who only know the brand."),
    "int_type": N_("Please write a whole number."),
    "greater_than_equal": N_("Please write {ge} or more."),
    "less_than_equal": N_("Please write {le} or less."),
    "date_from_datetime_parsing": N_("Please write a day as 2026-11-20."),
    "date_parsing": N_("Please write a day as 2026-11-20."),
    "attribute_quota": N_("Please write each quota on its own line, like sex=women:4."),
    "enum": N_("Please choose one of the list."),
    "literal_error": N_("Please choose one of the list."),
    "value_error": N_("This text holds a character that can't be stored."),
}
"""What people read, by pydantic's type of error; anything else reads as `FALLBACK`."""
OF_DOCUMENTS = {
    "extra_forbidden": N_("There is no parameter or field of this name."),
    "enum": N_("This has to be one of these: {expected}."),
    "literal_error": N_("This has to be one of these: {expected}."),
    "bool_parsing": N_("This has to be true or false."),
    "dict_type": N_("This has to be a JSON object."),
    "model_attributes_type": N_("This has to be a JSON object."),
    "string_type": N_("This has to be a text."),
}
"""What programs are told besides, or instead: they choose from no list."""
FALLBACK = N_("Please check this entry.")


def sentence(error: ErrorDetails, more: Mapping[str, str] = MappingProxyType({})) -> tuple[str, dict[str, object]]:
    """Return the msgid of an error, and what fills its placeholders; `more` messages win over those of pages."""
    params = {name: value for name, value in error.get("ctx", {}).items() if name != "error"}
    return more.get(error["type"]) or MESSAGES.get(error["type"], FALLBACK), params
