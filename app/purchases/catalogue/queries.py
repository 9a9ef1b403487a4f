"""Reads of what is set for products: a person's word over the newest file's."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from app.purchases.catalogue.models import Product, ProductKind, ProductMerge
from app.purchases.catalogue.names import Key, Named, Proposal, proposals
from app.purchases.catalogue.schemas import (
    Decided,
    ProductFacts,
    ProductFilters,
    ProductList,
    ProductRow,
    Seen,
    SeenProduct,
)
from app.purchases.catalogue.words import plain
from app.purchases.models import FileTable, ImportRun, ImportState, PurchaseSettings
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    import pyarrow as pa

IN_FORCE = (ImportState.DONE, ImportState.UNDOING)
PAGE_ROWS = 50
MOST_PROPOSALS = 20
Facts = dict[Key, ProductFacts]


def imports_of(session: Session, table: FileTable, *, source: str | None = None) -> list[str]:
    """Return the public ids of the imports of one kind of file whose rows count, oldest first."""
    wanted = select(col(ImportRun.public_id)).where(
        col(ImportRun.state).in_(IN_FORCE), col(ImportRun.table) == table
    )  # fmt: skip
    if source is not None:
        wanted = wanted.where(col(ImportRun.source) == source)
    return list(session.scalars(wanted.order_by(col(ImportRun.id))))


def products_waiting(session: Session) -> datetime | None:
    """Return when something was set for products that the figures do not show yet; None where they do."""
    settings = session.get(PurchaseSettings, 1)
    if settings is None or settings.products_edited_at is None:
        return None
    built = settings.products_built_at
    return None if built is not None and built >= settings.products_edited_at else settings.products_edited_at


def products(session: Session, store: OrdersStore, *, imports: Sequence[str] | None = None) -> Facts:
    """Return what is set for every product that a file (of these imports, by default all in force) or a person names."""
    found = _from_files(store, imports_of(session, FileTable.PRODUCTS) if imports is None else imports)
    for row in session.scalars(select(Product)):
        key = (row.source, row.product_code, row.product_name)
        known = found.get(key, ProductFacts(key))
        found[key] = replace(
            known,
            family=row.family or known.family,
            kind=row.kind or known.kind,
            days_per_unit=row.days_per_unit or known.days_per_unit,
            aliases=tuple(dict.fromkeys((*known.aliases, *row.aliases))),
            by_hand=True,
        )
    return found


def _from_files(store: OrdersStore, imports: Sequence[str]) -> Facts:
    files = [store.products_path(name) for name in imports]
    if not files:
        return {}
    from app.purchases.catalogue import products_file, road

    found: Facts = {}
    for row in road.rows_of(products_file.ROAD, files):
        key = (row["source"], row["product_code"], row["key_name"])
        known = found.get(key, ProductFacts(key))
        found[key] = replace(  # an empty cell says nothing, so what an earlier file said stands
            known,
            name=row["product_name"] or known.name,
            family=row["family"] or known.family,
            kind=ProductKind(row["kind"]) if row["kind"] else known.kind,
            days_per_unit=row["days_per_unit"] or known.days_per_unit,
            aliases=tuple(row["aliases"]) or known.aliases,
        )
    return found


def products_table(session: Session, store: OrdersStore, *, imports: Sequence[str] | None = None) -> "pa.Table":
    """Return (source, product_code, product_name, family, kind) for joining order lines; each key stands once.

    A row with a code is for lines of that code; one without for lines without code that have this very name.
    """
    import pyarrow as pa

    joined = joined_facts(products(session, store, imports=imports))
    columns: dict[str, list[str]] = {"source": [], "product_code": [], "product_name": [], "family": [], "kind": []}
    for (source, code, name), facts in sorted(joined.items()):
        values = (source, code, name, facts.family, facts.kind.value if facts.kind else "")
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def joined_facts(facts: Facts) -> Facts:
    """Return facts by every key that order lines may have: products, and their aliases as products without a code."""
    found = {key: one for key, one in facts.items() if one.family or one.kind}
    for key, one in sorted(facts.items()):
        for alias in one.aliases:
            alias_key = (key[0], "", alias)
            own = facts.get(alias_key)
            if (one.family or one.kind) and alias_key != key and not (own and own.family):
                found[alias_key] = replace(one, key=alias_key)
    return found


def alias_owners(facts: Facts) -> dict[Key, ProductFacts]:
    """Return the product that each alias stands for."""
    return {
        (key[0], "", alias): one for key, one in sorted(facts.items(), reverse=True) for alias in one.aliases
    }  # fmt: skip


def list_products(seen: Seen, facts: Facts, *, filters: ProductFilters, page: int = 1) -> ProductList:
    """Return one page of products, the dearest first."""
    owners, joined = alias_owners(facts), joined_facts(facts)
    rows = [_row(one, facts, owners) for one in seen.products]
    placed = sum(bool(joined[row.seen.key].family) for row in rows if row.seen.key in joined)
    fitting = [row for row in rows if _fits(row, filters, joined)]
    pages = max(-(-len(fitting) // PAGE_ROWS), 1)
    here = min(max(page, 1), pages)
    return ProductList(
        rows=tuple(fitting[(here - 1) * PAGE_ROWS : here * PAGE_ROWS]),
        total=len(fitting),
        seen=len(rows),
        placed=placed,
        page=here,
        pages=pages,
        families=seen.families,
        family_names=tuple(sorted({one.family for one in facts.values()} - {""})),
        sources=tuple(sorted({one.source for one in seen.products})),
    )


def _row(one: SeenProduct, facts: Facts, owners: dict[Key, ProductFacts]) -> ProductRow:
    owner = owners.get(one.key)
    return ProductRow(
        seen=one,
        facts=facts.get(one.key, ProductFacts(one.key)),
        alias_of="" if owner is None else owner.name or owner.key[2] or owner.key[1],
    )


def _fits(row: ProductRow, filters: ProductFilters, joined: Facts) -> bool:
    if filters.source and row.seen.source != filters.source:
        return False
    set_for = joined.get(row.seen.key, row.facts)
    if filters.open_only and set_for.family:
        return False
    wanted = plain(filters.text)
    return not wanted or any(
        wanted in plain(text) for text in (row.seen.product_code, *row.seen.names, set_for.family)
    )  # fmt: skip


def open_proposals(session: Session, seen: Seen, facts: Facts) -> tuple[Proposal, ...]:
    """Return the proposals that nobody has answered yet, the most ordered first; at most 20."""
    answered = set(session.scalars(select(col(ProductMerge.proposal))))
    joined = joined_facts(facts)
    named = tuple(
        Named(one.key, one.names[0], one.orders, joined[one.key].family if one.key in joined else "")
        for one in seen.products
        if one.names
    )
    return tuple(one for one in _proposals(named) if one.id not in answered)[:MOST_PROPOSALS]


@lru_cache(maxsize=4)
def _proposals(named: tuple[Named, ...]) -> tuple[Proposal, ...]:
    """Compare names once for many views of the page: four thousand take half a second."""
    return proposals(named)


def decided(session: Session, *, limit: int = 20) -> tuple[Decided, ...]:
    """Return the latest answers to proposals, newest first."""
    rows = session.scalars(select(ProductMerge).order_by(col(ProductMerge.id).desc()).limit(limit))
    return tuple(Decided(row.public_id, row.family, row.accepted, len(row.members)) for row in rows)


def by_family(rows: Iterable[ProductFacts]) -> dict[str, list[ProductFacts]]:
    """Return the products of each family."""
    found: dict[str, list[ProductFacts]] = defaultdict(list)
    for row in rows:
        if row.family:
            found[row.family].append(row)
    return dict(found)
