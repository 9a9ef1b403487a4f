"""Products (商品): what the orders show, what is set for each, and which belong together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from app.accounts.schemas import Actor
from app.core.database import write_session
from app.core.errors import AppError
from app.purchases.catalogue import operations, queries
from app.purchases.catalogue.names import Proposal
from app.purchases.catalogue.schemas import Decided, ProductEdit, ProductFilters, ProductList
from app.purchases.catalogue.seen import read_seen
from app.purchases.classes import KIND_LABELS
from app.purchases.store import OrdersStore
from app.web.aside import read_aside
from app.web.deps import PostedForm, permit, services
from app.web.forms import FieldError, Form, FormInvalid
from app.web.render import redirect, render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("purchases.read"))]
Writer = Annotated[Actor, Depends(permit("purchases.import"))]
FILTERS = ("text", "source", "open", "page")
WHY_SHOWN = 200


@dataclass(frozen=True)
class ProductsPage:
    """The products; `typed` and `errors` hold what was wrong with the row whose key is `wrong`."""

    found: ProductList
    proposals: tuple[Proposal, ...]
    decided: tuple[Decided, ...]
    filters: ProductFilters
    query: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=lambda: KIND_LABELS)
    saved: str = ""
    wrong: tuple[str, str, str] | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, FieldError] = field(default_factory=dict)
    problem: FieldError | None = None

    @property
    def source_options(self) -> list[tuple[str, str]]:
        """Every source as a choice."""
        return [(name, name) for name in self.found.sources]

    def address(self, **changes: str) -> str:
        """Return the query of this page with another page or filter; empty values are left out."""
        return urlencode({name: value for name, value in {**self.query, **changes}.items() if value})


@router.get("/purchases/products", name="products")
async def products(request: Request, actor: Reader) -> Response:
    """Show the products in the orders with what is set for them."""
    del actor
    query = {name: request.query_params[name][:WHY_SHOWN] for name in FILTERS if request.query_params.get(name)}
    page = await read_aside(request, partial(products_page, store=services(request).orders, query=query))
    return render(request, "purchases/products.html", page)


@router.post("/purchases/products", name="product_set")
async def product_set(request: Request, form: PostedForm, actor: Writer) -> Response:
    """Keep what a person set for one product; the figures follow in the background."""
    parts = services(request)
    try:
        edit = form.parse(ProductEdit)
    except FormInvalid as invalid:
        return await _again(request, form, errors=invalid.errors)
    with write_session(parts.engine) as db:
        operations.set_product(db, edit=edit, actor=actor, now=parts.clock())
    parts.enqueue("purchases.products", "")
    place = form.values.get("place", "")
    if request.headers.get("hx-request") == "true":
        page = await read_aside(request, partial(products_page, store=parts.orders, query=query_of(form), saved=place))
        return render(request, "purchases/_products.html", page)
    return _back(request, form, place)


@router.post("/purchases/products/proposals", name="proposals_answer")
async def proposals_answer(request: Request, form: PostedForm, actor: Writer) -> Response:
    """Accept or decline proposals, one of them or all that were shown."""
    parts = services(request)
    page = await read_aside(request, partial(products_page, store=parts.orders, query=query_of(form)))
    action, _, one = form.values.get("action", "").partition(" ")
    wanted = [one] if one else form.lists.get("shown", [])
    try:
        with write_session(parts.engine) as db:
            for proposal_id in wanted:
                proposal = operations.find_proposal(page.proposals, proposal_id)
                if action == "accept":
                    family = form.values.get(f"family_{proposal_id}", "")
                    operations.accept(db, proposal=proposal, family=family, actor=actor, now=parts.clock())
                else:
                    operations.decline(db, proposal=proposal, actor=actor, now=parts.clock())
    except AppError as fault:
        return await _again(request, form, problem=FieldError(fault.message, fault.params), status=fault.status)
    parts.enqueue("purchases.products", "")
    return _back(request, form, "proposals")


@router.post("/purchases/products/answers/{merge_id}/undo", name="proposal_take_back")
async def proposal_take_back(request: Request, merge_id: str, form: PostedForm, actor: Writer) -> Response:
    """Take an answer back; what it set goes, and the proposal is shown again."""
    parts = services(request)
    with write_session(parts.engine) as db:
        operations.take_back(db, merge_id=merge_id, actor=actor, now=parts.clock())
    parts.enqueue("purchases.products", "")
    return _back(request, form, "proposals")


def products_page(db: Session, *, store: OrdersStore, query: Mapping[str, str], saved: str = "") -> ProductsPage:
    """Return the page; the orders' products are counted at the first call after a build."""
    seen, facts = read_seen(db, store), queries.products(db, store)
    filters = ProductFilters(
        text=query.get("text", ""), source=query.get("source", ""), open_only=query.get("open") == "1"
    )
    number = query.get("page", "1")
    return ProductsPage(
        found=queries.list_products(seen, facts, filters=filters, page=int(number) if number.isdecimal() else 1),
        proposals=queries.open_proposals(db, seen, facts),
        decided=queries.decided(db),
        filters=filters,
        query=query,
        saved=saved,
    )


def query_of(form: Form) -> dict[str, str]:
    """Return the filters that a form brings along in fields named `at_…`."""
    return {name: form.values[f"at_{name}"][:WHY_SHOWN] for name in FILTERS if form.values.get(f"at_{name}")}


def _back(request: Request, form: Form, place: str) -> RedirectResponse:
    response = redirect(request, "products")
    query = urlencode(query_of(form))
    safe = "".join(char for char in place if char.isalnum())
    response.headers["location"] += (f"?{query}" if query else "") + (f"#{safe}" if safe else "")
    return response


async def _again(
    request: Request, form: Form, *, errors: Mapping[str, FieldError] | None = None, problem: FieldError | None = None,
    status: int = 422,
) -> Response:  # fmt: skip
    page = await read_aside(
        request, partial(products_page, store=services(request).orders, query=query_of(form))
    )  # fmt: skip
    code, name = form.values.get("product_code", ""), form.values.get("product_name", "")
    shown = {name: getattr(page, name) for name in ProductsPage.__dataclass_fields__}
    shown |= {
        "wrong": (form.values.get("source", ""), code, "" if code else name),
        "typed": form.values, "errors": errors or {}, "problem": problem,
    }  # fmt: skip
    template = "purchases/_products.html" if request.headers.get("hx-request") == "true" else "purchases/products.html"
    return render(request, template, ProductsPage(**shown), status=status)
