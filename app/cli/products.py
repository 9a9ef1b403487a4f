"""`n1 purchases products`: what the orders show, and what is set for each product."""

from typing import Annotated, Any

import typer
from pydantic import ValidationError

from app.accounts.schemas import COMMAND_LINE
from app.cli.common import fail, faults_told, parts, reading, say, say_json, words, writing
from app.core.i18n import N_
from app.purchases.catalogue import operations, queries, tasks
from app.purchases.catalogue.models import ProductKind
from app.purchases.catalogue.schemas import ProductEdit, ProductFacts, SeenProduct
from app.purchases.catalogue.seen import read_seen
from app.serving.documents.amounts import plain_decimal

products = typer.Typer(help="Products: families, kinds, days one piece lasts.", no_args_is_help=True)
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
WRONG = N_("A product needs its code or its name; days are a whole number from 1 to 3650.")


@products.command("list")
def list_products(*, json: JsonFlag = False) -> None:
    """Print every product in the orders, the dearest first."""
    with faults_told(), reading() as session:
        seen, facts = read_seen(session, parts().orders), queries.products(session, parts().orders)
    joined = queries.joined_facts(facts)
    rows = [_row(one, facts.get(one.key) or joined.get(one.key) or ProductFacts(one.key)) for one in seen.products]
    if json:
        say_json(rows)
        return
    for row in rows:
        name = row["names"][0] if row["names"] else row["product_code"]
        say(f"{row['source']}\t{row['product_code'] or '-'}\t{name}\t{row['orders']}\t{row['family'] or '-'}")


@products.command("set")
def set_product(
    *,
    source: Annotated[str, typer.Option(help="shop or mall of the product")],
    code: Annotated[str, typer.Option(help="product code")] = "",
    name: Annotated[str, typer.Option(help="product name, where the shop has no code")] = "",
    family: Annotated[str, typer.Option(help="family; empty takes it back")] = "",
    kind: Annotated[ProductKind | None, typer.Option(help="how it is sold; as in the orders unless given")] = None,
    days: Annotated[int | None, typer.Option(help="days one piece lasts")] = None,
    json: JsonFlag = False,
) -> None:
    """Set family, kind and days of one product, and build the figures anew."""
    try:
        edit = ProductEdit(
            source=source, product_code=code, product_name=name, family=family, kind=kind, days_per_unit=days
        )
    except ValidationError:
        fail(words()(WRONG))
    with faults_told(), writing() as session:
        operations.set_product(session, edit=edit, actor=COMMAND_LINE, now=parts().clock())
    tasks.run_products(parts())
    shown = _set(ProductFacts(edit.key, family=edit.family, kind=edit.kind, days_per_unit=edit.days_per_unit))
    if json:
        say_json({"source": source, "product_code": code, "product_name": edit.key[2], **shown})
    else:
        say(words()(N_("Set: {name}."), name=code or name))


def _row(one: SeenProduct, facts: ProductFacts) -> dict[str, Any]:
    return {
        "source": one.source, "product_code": one.product_code, "names": list(one.names), "orders": one.orders,
        "people": one.people, "amount": plain_decimal(one.amount, one.currency), "currency": one.currency,
        "kinds": list(one.kinds), **_set(facts),
    }  # fmt: skip


def _set(facts: ProductFacts) -> dict[str, Any]:
    return {
        "family": facts.family,
        "kind": facts.kind.value if facts.kind else "",
        "days_per_unit": facts.days_per_unit,
        "aliases": list(facts.aliases),
    }
