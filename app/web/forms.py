"""Posted forms: read once, parsed by pydantic, given back as typed when something is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar, cast

from fastapi import Depends
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request

from app.core.i18n import N_

# pydantic's error types → what people read. Anything else reads as FALLBACK.
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
FALLBACK = N_("Please check this entry.")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class FieldError:
    """One wrong field: an English msgid and what fills its placeholders."""

    message: str
    params: Mapping[str, object]


class FormInvalid(Exception):
    """A form did not parse; `errors` has one entry per field name."""

    def __init__(self, errors: dict[str, FieldError]) -> None:
        """Keep the errors."""
        super().__init__(", ".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class Form:
    """What was posted: last value per name, all values per name, files per name."""

    values: dict[str, str]
    lists: dict[str, list[str]]
    files: dict[str, UploadFile]

    def parse(self, model: type[Model], **more: object) -> Model:
        """Return the form as `model`; empty strings count as not given, list fields take all values.

        Raises:
            FormInvalid: with one message per field.
        """
        data: dict[str, object] = {}
        for name, field in model.model_fields.items():
            if _is_list(field.annotation):
                data[name] = self.lists.get(name, [])
            elif self.values.get(name, "") != "":
                data[name] = self.values[name]
        try:
            return model.model_validate(data | more)
        except ValidationError as invalid:
            raise FormInvalid(_errors(invalid)) from invalid


def _is_list(annotation: object) -> bool:
    return getattr(annotation, "__origin__", None) in {list, tuple, set, frozenset}


def _errors(invalid: ValidationError) -> dict[str, FieldError]:
    found: dict[str, FieldError] = {}
    for error in invalid.errors(include_url=False, include_input=False):
        name = str(error["loc"][0]) if error["loc"] else ""
        params = {key: value for key, value in error.get("ctx", {}).items() if key != "error"}
        found.setdefault(name, FieldError(message=MESSAGES.get(error["type"], FALLBACK), params=params))
    return found


async def posted_form(request: Request) -> Form:
    """Return the posted form, read from the network once per request."""
    cached = getattr(request.state, "form", None)
    if cached is None:
        cached = await _read(request)
        request.state.form = cached
    return cast("Form", cached)


async def _read(request: Request) -> Form:
    data = await request.form()
    lists: dict[str, list[str]] = {}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            await value.close()  # no form holds a file; order files are read by a route of their own
        else:
            lists.setdefault(name, []).append(value)
    return Form(values={name: values[-1] for name, values in lists.items()}, lists=lists, files={})


PostedForm = Annotated[Form, Depends(posted_form)]
