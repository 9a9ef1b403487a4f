"""What was in the orders that count: SQL shared by the figures of products.

A product goes by its family, where somebody has set one, else by its name, else by its code; lines that name none are
left out. A customer goes by a 64-bit
key: joining millions of them by their texts takes three times as long.
"""

PERSON = "hash(source, customer_id)"
THING = """CASE WHEN product_family <> '' THEN product_family WHEN product_name <> '' THEN product_name
    ELSE product_code END"""
# Pieces that came back are taken off: of an order with nothing left of a product, the product was not bought.
BOUGHT = f"""
    SELECT {PERSON} AS person, {THING} AS thing, bool_or(product_family <> '') AS is_family,
        min(ordered_on) FILTER (effect = 'sale') AS day
    FROM read_parquet($lines)
    WHERE effect <> 'none' AND customer_id <> '' AND ordered_on <= CAST($as_of AS DATE) AND {THING} <> ''
    GROUP BY {PERSON}, hash(shop, order_ref), {THING}
    HAVING sum(quantity) > 0 AND count(*) FILTER (effect = 'sale') > 0
"""
NAMED = "CASE WHEN product_family <> '' THEN product_family ELSE product END"
"""The same word for the product that names an order, from the file of orders."""
