"""Events (できごと): price changes, campaigns, messages sent, inquiries; noted by hand or brought by files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from app.accounts.schemas import Actor
from app.core.database import write_session
from app.core.errors import AppError, NotFound
from app.purchases.catalogue import operations, whom
from app.purchases.catalogue.event_list import list_events
from app.purchases.catalogue.schemas import EventForm, EventInput, EventList
from app.purchases.catalogue.words import EVENT_LABELS
from app.purchases.store import OrdersStore
from app.web.aside import read_aside
from app.web.deps import PostedForm, permit, services
from app.web.forms import FieldError, Form, FormInvalid
from app.web.render import redirect, render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("purchases.read"))]
Writer = Annotated[Actor, Depends(permit("purchases.import"))]
KINDS = tuple((kind.value, label) for kind, label in EVENT_LABELS.items())


@dataclass(frozen=True)
class EventsPage:
    """The events; `typed` and `errors` belong to the new one, or to the one whose id is `changing`."""

    found: EventList
    kinds: tuple[tuple[str, str], ...] = KINDS
    labels: Mapping[str, str] = field(default_factory=lambda: dict(KINDS))
    deleted: str = ""
    changing: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, FieldError] = field(default_factory=dict)

    @property
    def source_options(self) -> list[tuple[str, str]]:
        """Every source as a choice."""
        return [(name, name) for name in self.found.sources]


@router.get("/purchases/events", name="events")
async def events(request: Request, actor: Reader) -> Response:
    """Show every event, newest first, and the form of a new one."""
    del actor
    number = request.query_params.get("page", "1")
    page = await read_aside(
        request,
        partial(events_page, store=services(request).orders, page=int(number) if number.isdecimal() and len(number) < 7 else 1,
                deleted=request.query_params.get("deleted", "")),
    )  # fmt: skip
    return render(request, "purchases/events.html", page)


@router.post("/purchases/events", name="event_create")
async def event_create(request: Request, form: PostedForm, actor: Writer) -> Response:
    """Note an event."""
    parts = services(request)
    try:
        data = await _clear(request, form)
        with write_session(parts.engine) as db:
            event = operations.add_event(db, data=data, actor=actor, now=parts.clock())
            event_id = event.public_id
    except (FormInvalid, AppError) as fault:
        return await _again(request, form, fault)
    return _to(request, f"#{event_id}")


@router.post("/purchases/events/{event_id}", name="event_change")
async def event_change(request: Request, event_id: str, form: PostedForm, actor: Writer) -> Response:
    """Correct an event, delete it, or bring it back."""
    parts = services(request)
    action, now = form.values.get("action", "save"), parts.clock()
    try:
        data = await _clear(request, form, event_id) if action == "save" else None
        with write_session(parts.engine) as db:
            if action == "delete":
                operations.delete_event(db, event_id=event_id, actor=actor, now=now)
            elif action == "restore":
                operations.restore_event(db, event_id=event_id, actor=actor, now=now)
            elif data is not None:
                operations.change_event(db, event_id=event_id, data=data, actor=actor, now=now)
    except NotFound:
        raise
    except (FormInvalid, AppError) as fault:
        return await _again(request, form, fault, changing=event_id)
    return _to(request, f"?deleted={event_id}" if action == "delete" else f"#{event_id}")


def events_page(db: Session, *, store: OrdersStore, page: int = 1, deleted: str = "") -> EventsPage:
    """Return the page of events."""
    found = list_events(db, store, page=page)
    there = {row.public_id for row in found.deleted}
    return EventsPage(found=found, deleted=deleted if deleted in there else "")


async def _clear(request: Request, form: Form, event_id: str = "") -> EventInput:
    """Return the event as typed, where it is clear whom it is about."""
    data = form.parse(EventForm)
    store = services(request).orders
    await read_aside(request, partial(whom.refuse_unclear, store=store, data=data, event_id=event_id))
    return data


def _to(request: Request, rest: str) -> RedirectResponse:
    response = redirect(request, "events")
    response.headers["location"] += rest
    return response


async def _again(request: Request, form: Form, fault: FormInvalid | AppError, *, changing: str = "") -> Response:
    where = {"event_source": "source", "event_customer": "customer_id", "event_product": "product"}
    errors = (
        fault.errors
        if isinstance(fault, FormInvalid)
        else {where.get(fault.code, ""): FieldError(fault.message, fault.params)}
    )
    page = await read_aside(request, partial(events_page, store=services(request).orders))
    shown = EventsPage(found=page.found, changing=changing, typed=form.values, errors=errors)
    return render(request, "purchases/events.html", shown, status=422)
