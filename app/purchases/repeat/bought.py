"""What was in the orders that count: the SQL that every figure of products shares. Strings alone: anybody may import it.

A product goes by its family, where somebody has set one, else by its name, else by its code. A customer and an order go by
64-bit keys: joining millions of them by their texts takes three times as long.
"""

PERSON = "hash(source, customer_id)"
PLACED = "hash(shop, order_ref)"
NAME = "CASE WHEN product_name <> '' THEN product_name ELSE product_code END"
FAMILY = "product_family"
THING = f"CASE WHEN product_family <> '' THEN product_family ELSE {NAME} END"
NAMED = "CASE WHEN product_family <> '' THEN product_family ELSE product END"
"""The same word for the product that names an order, from the file of orders."""
LINES, AS_OF = "read_parquet($lines)", "CAST($as_of AS DATE)"
_GOODS = f"""SELECT {PERSON} AS person, {PLACED} AS placed, {{columns}}, effect, quantity, ordered_on FROM {{lines}}
    WHERE effect <> 'none' AND customer_id <> '' AND ordered_on <= {{as_of}}"""
# as in figures.frames: an order from which something came back counts while pieces are left in it
_GONE = """SELECT person, placed{sums} FROM goods SEMI JOIN (SELECT person, placed FROM goods WHERE effect = 'counter') AS back
    USING (person, placed) GROUP BY person, placed HAVING sum(quantity) <= 0"""


def bought(thing: str = THING, *, lines: str = LINES, as_of: str = AS_OF) -> str:
    """Return the query of what each order brought: person, placed, thing, is_family, day; one row for order and thing.

    Orders that were wholly sent back do not count, and of the others no thing of which no piece is left. `thing` is the word
    that products go by: `THING`, `NAME` or `FAMILY`; it is empty where lines have none.
    """
    columns = f"{thing} AS thing, product_family <> '' AS of_family"
    return f"""(WITH goods AS NOT MATERIALIZED ({_GOODS.format(columns=columns, lines=lines, as_of=as_of)})
    SELECT person, placed, thing, bool_or(of_family) AS is_family, min(ordered_on) FILTER (effect = 'sale') AS day
    FROM goods ANTI JOIN ({_GONE.format(sums="")}) AS gone USING (person, placed)
    GROUP BY person, placed, thing HAVING sum(quantity) > 0 AND count(*) FILTER (effect = 'sale') > 0)"""


def loose(*, lines: str = LINES, as_of: str = AS_OF) -> str:
    """Return the query of money that belongs to no order that counts: person, day, amount (below 0: given back).

    The summary of a customer holds it beside the orders: what came back without an order of its own, and what is left of an
    order that was wholly sent back.
    """
    sums = ", min(ordered_on) AS day, sum(amount) AS amount"
    return f"""(WITH goods AS NOT MATERIALIZED ({_GOODS.format(columns="amount", lines=lines, as_of=as_of)})
    SELECT person, day, amount FROM ({_GONE.format(sums=sums)}) AS gone WHERE amount <> 0)"""
