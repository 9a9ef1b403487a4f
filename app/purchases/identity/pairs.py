"""Finds pairs of customer keys that may be one person, by DuckDB over contact data."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.purchases.identity.merges import Key
from app.purchases.identity.models import MergeReason, Strength

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_KEYS = 5
"""A mail address or telephone that more keys share belongs to the shop or a firm, not to a person."""
MOST_PAIRS = 20_000
# what two keys share -> the columns that must all be filled and equal, the surest first
SHARED = {
    MergeReason.MAIL: ("mail_plain",),
    MergeReason.PHONE_NAME: ("phone_plain", "name_plain"),
    MergeReason.PHONE_KANA: ("phone_plain", "kana_plain"),
    MergeReason.NAME_ADDRESS: ("name_plain", "address_plain"),
    MergeReason.NAME_POSTAL_CODE: ("name_plain", "postal_plain"),
}
ORDER = tuple(SHARED)
SURE = {MergeReason.MAIL, MergeReason.PHONE_NAME, MergeReason.PHONE_KANA}


@dataclass(frozen=True)
class Pair:
    """Two keys with something in common; `names_differ` where both have a name and no name is the same."""

    one: Key
    other: Key
    reasons: tuple[MergeReason, ...]
    names_differ: bool

    @property
    def strength(self) -> Strength:
        """How sure it is."""
        if not SURE & set(self.reasons):
            return Strength.WEAK
        return Strength.CHECK if self.names_differ else Strength.STRONG


@dataclass(frozen=True)
class Pairs:
    """What was found, the surest first, and how many values too many keys share."""

    pairs: tuple[Pair, ...]
    shared_values: int


def find_pairs(connection: "DuckDBPyConnection") -> Pairs:
    """Return pairs among the rows of `contact`: a relation with the columns of a contact file."""
    run = connection.execute
    run("CREATE OR REPLACE TEMP TABLE person AS SELECT source, customer_id, row_number() OVER () AS k, "
        "list(DISTINCT name_plain) FILTER (name_plain <> '') AS names, "
        "list(DISTINCT kana_plain) FILTER (kana_plain <> '') AS kanas "
        "FROM contact GROUP BY source, customer_id")  # fmt: skip
    matches = " UNION ALL ".join(_match(place, columns) for place, columns in enumerate(SHARED.values()))
    run(f"CREATE OR REPLACE TEMP TABLE common AS SELECT place, value, list(DISTINCT k) AS ks FROM ({matches}) "
        "GROUP BY place, value HAVING count(DISTINCT k) > 1")  # fmt: skip
    (shared,) = run(f"SELECT count(*) FROM common WHERE place < 3 AND len(ks) > {MOST_KEYS}").fetchone() or (0,)
    rows = run(f"""
        WITH side AS (
            SELECT place, value, unnest(ks) AS k FROM common WHERE len(ks) <= {MOST_KEYS}
        ), pair AS (
            SELECT one.k AS k, other.k AS other_k, list(DISTINCT one.place) AS places
            FROM side AS one JOIN side AS other USING (place, value) WHERE one.k < other.k GROUP BY one.k, other.k
        )
        SELECT a.source, a.customer_id, b.source, b.customer_id, list_sort(places),
            len(a.names) > 0 AND len(b.names) > 0 AND NOT list_has_any(a.names, b.names)
                AND NOT coalesce(list_has_any(a.kanas, b.kanas), false) AS differ
        FROM pair JOIN person AS a ON a.k = pair.k JOIN person AS b ON b.k = pair.other_k
        ORDER BY list_min(places), len(places) DESC, a.source, a.customer_id, b.source, b.customer_id
        LIMIT {MOST_PAIRS}""").fetchall()
    return Pairs(
        pairs=tuple(
            Pair(Key(row[0], row[1]), Key(row[2], row[3]), tuple(ORDER[place] for place in row[4]), bool(row[5]))
            for row in rows
        ),
        shared_values=shared,
    )


def _match(place: int, columns: tuple[str, ...]) -> str:
    filled = " AND ".join(f"contact.{column} <> ''" for column in columns)
    value = f"concat_ws(chr(31), {', '.join(f'contact.{column}' for column in columns)})"
    return f"SELECT {place} AS place, {value} AS value, k FROM contact JOIN person USING (source, customer_id) WHERE {filled}"
