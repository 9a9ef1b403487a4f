"""Posted forms: read once, parsed by pydantic, given back as typed when something is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar, cast

from fastapi import Depends
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request

from app.serving.faults import sentence

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
        found.setdefault(name, FieldError(*sentence(error)))
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
