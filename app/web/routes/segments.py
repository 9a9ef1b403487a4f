"""People of a number: who meets some conditions, and the conditions that somebody saved under a name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from app.accounts.schemas import Actor
from app.purchases.segments import queries
from app.purchases.segments.people import Order, Sums
from app.purchases.segments.rule import FROM, TO, BadCondition, Rule, read_rule
from app.purchases.segments.schemas import PeopleOf
from app.purchases.store import OrdersStore
from app.web.aside import read_aside
from app.web.deps import permit, services
from app.web.forms import FieldError
from app.web.render import render
from app.web.routes.purchases import SORT_KEYS, SORTS, UP, Head
from app.web.rule_form import RuleForm, rule_form

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("purchases.read"))]
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class PeopleOfPage:
    """The people of a rule, and the form to change it; `found` is None while there are no orders."""

    found: PeopleOf | None
    rule: Rule
    form: RuleForm
    sort: str
    errors: Mapping[str, FieldError] = field(default_factory=dict)
    sorts: tuple[tuple[str, str], ...] = SORTS
    heads: Mapping[str, Head] = field(default_factory=dict)

    @property
    def rule_query(self) -> str:
        """The query of the rule alone."""
        return self.rule.to_query()

    def page_query(self, page: int) -> str:
        """Return the query of another page of the list."""
        return urlencode([*self.rule.pairs, ("sort", self.sort), ("page", str(page))])


@dataclass(frozen=True)
class CountPart:
    """How many people the conditions find as they stand in the form."""

    sums: Sums | None
    customers: int = 0
    fault: BadCondition | None = None


@router.get("/purchases/people-of", name="rule_people")
async def rule_people(request: Request, actor: Reader) -> Response:
    """Show the people of a rule. What the form sends is led to the short address of the same rule."""
    del actor
    pairs = request.query_params.multi_items()
    store = services(request).orders
    try:
        rule = read_rule(pairs)
    except BadCondition as fault:
        page = await read_aside(request, partial(wrong_page, store=store, pairs=pairs, fault=fault))
        return render(request, "purchases/people_of.html", page, status=422)
    if any(name.endswith((FROM, TO)) or not text for name, text in pairs):
        kept = [(name, text) for name, text in pairs if name == "sort"]
        return RedirectResponse(f"{request.url.path}?{urlencode([*rule.pairs, *kept])}", status_code=303)
    page = await read_aside(request, partial(people_of_page, store=store, rule=rule, pairs=pairs))
    return render(request, "purchases/people_of.html", page)


@router.get("/purchases/people-of/count", name="rule_count")
async def rule_count(request: Request, actor: Reader) -> Response:
    """Count the people of the conditions in the form, while it is being filled in."""
    del actor
    work = partial(count_part, store=services(request).orders, pairs=request.query_params.multi_items())
    return render(request, "purchases/_rule_count.html", await read_aside(request, work))


def people_of_page(session: Session, store: OrdersStore, *, rule: Rule, pairs: Pairs) -> PeopleOfPage:
    """Return the page of a rule as an address asks for it."""
    given = dict(pairs)
    sort = given["sort"] if given.get("sort") in SORT_KEYS else SORTS[0][0]
    order = Order(SORT_KEYS[sort], not sort.endswith(UP))
    number = given.get("page", "")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 1
    return PeopleOfPage(
        found=queries.people_of(session, store, rule=rule, order=order, page=page),
        rule=rule,
        form=rule_form(rule, queries.choices(session, store)),
        sort=sort,
    )


def wrong_page(session: Session, store: OrdersStore, *, pairs: Pairs, fault: BadCondition) -> PeopleOfPage:
    """Return the page of conditions of which one cannot be read: without people, the others as they were given."""
    wrong = {fault.field, fault.field + FROM, fault.field + TO}
    try:
        rule = read_rule([pair for pair in pairs if pair[0] not in wrong])
    except BadCondition:
        rule = Rule()
    return PeopleOfPage(
        found=None,
        rule=rule,
        form=rule_form(rule, queries.choices(session, store)),
        sort=SORTS[0][0],
        errors={fault.field: FieldError(fault.message, fault.params)},
    )


def count_part(session: Session, store: OrdersStore, *, pairs: Pairs) -> CountPart:
    """Return the head-count of conditions that are being written."""
    try:
        sums = queries.count(session, store, rule=read_rule(pairs))
    except BadCondition as fault:
        return CountPart(None, fault=fault)
    everybody = queries.count(session, store, rule=Rule())
    return CountPart(sums, customers=everybody.people if everybody else 0)
