"""Where keys lead, which of two stays, and that no row of decisions makes a circle."""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from app.purchases.identity.effect import effective
from app.purchases.identity.merges import Claim, Edge, Key, ancestors, kept, parts, resolved, root

A, B, C, D = (Key("shop", name) for name in "abcd")
YEN, DOLLARS = frozenset({"JPY"}), frozenset({"USD"})


def claim(key: Key, *, picked: bool = False, since: date | None = date(2025, 1, 1)) -> Claim:
    return Claim(key, picked, since)


def test_chains_lead_to_one_root() -> None:
    edges = [Edge(A, B), Edge(B, C), Edge(D, C)]
    assert ancestors(edges, A) == [B, C]
    assert [root(edges, key) for key in (A, B, C, D)] == [C, C, C, C]
    assert {edge.key for edge in parts(edges, C)} == {A, B, D}
    assert parts(edges, A) == []


def test_a_circle_that_should_not_be_there_ends() -> None:
    edges = [Edge(A, B), Edge(B, A)]
    assert ancestors(edges, A) == [B, A]
    assert {edge.key for edge in parts(edges, A)} == {A, B}
    assert resolved(edges, {A: YEN, B: YEN}) == {B: B} or A not in resolved(edges, {A: YEN, B: YEN}).values()


def test_a_merge_has_effect_only_while_both_sides_are_there() -> None:
    edges = [Edge(A, B), Edge(B, C)]
    assert resolved(edges, {A: YEN, B: YEN, C: YEN}) == {A: C, B: C}
    assert resolved(edges, {A: YEN, B: YEN}) == {A: B}
    assert resolved(edges, {A: YEN, C: YEN}) == {A: C}
    assert resolved(edges, {A: YEN}) == {}
    assert resolved(edges, {}) == {}


def test_currencies_are_never_brought_together() -> None:
    assert resolved([Edge(A, B)], {A: YEN, B: DOLLARS}) == {}
    assert resolved([Edge(A, B)], {A: YEN, B: YEN | DOLLARS}) == {}
    assert resolved([Edge(A, B)], {A: YEN, B: frozenset()}) == {A: B}
    assert resolved([Edge(A, B)], {A: frozenset(), B: YEN}) == {A: B}


def test_the_picked_key_stays_then_the_shops_number_then_the_older() -> None:
    mail, phone = Key("shop", "mail-0a"), Key("shop", "tel-0b")
    assert kept(claim(A), claim(mail, picked=True)).key == mail
    assert kept(claim(mail, since=date(2020, 1, 1)), claim(A)).key == A
    assert kept(claim(phone), claim(mail)).key == mail
    assert kept(claim(A), claim(B, since=date(2024, 1, 1))).key == B
    assert kept(claim(A, since=None), claim(B)).key == B
    assert kept(claim(B), claim(A)).key == kept(claim(A), claim(B)).key == A


KEYS = [Key(source, str(n)) for source in ("shop", "mall") for n in range(4)]
STEPS = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), st.booleans(), st.integers(0, 9)), max_size=30)


@given(STEPS)
def test_any_row_of_merges_and_separations_is_a_forest(steps: list[tuple[Key, Key, bool, int]]) -> None:
    """The rule of `operations`: only two different roots are joined, and any join may be taken away again."""
    edges: list[Edge] = []
    for one, other, separate, which in steps:
        if separate and edges:
            edges.pop(which % len(edges))
        elif root(edges, one) != root(edges, other):
            edges.append(Edge(root(edges, one), root(edges, other)))
        assert all(key not in ancestors(edges, key) for key in KEYS)
        assert len({edge.key for edge in edges}) == len(edges)
    present = dict.fromkeys(KEYS, YEN)
    found = resolved(edges, present)
    assert {found.get(key, key) for key in KEYS} == {key for key in KEYS if key not in {edge.key for edge in edges}}
    for key in KEYS:
        assert {edge.key for edge in parts(edges, key)} == {other for other in KEYS if key in ancestors(edges, other)}


def test_the_table_for_a_build_is_read_from_the_files_that_count(tmp_path: Path) -> None:
    rows = [(*A, "JPY"), (*A, "JPY"), (*B, "JPY"), (*C, "USD"), ("mall", "x", "JPY")]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(("source", "customer_id", "currency"))}
    pq.write_table(pa.table(columns), tmp_path / "rows.parquet")
    members = {"source": ["shop", "shop"], "customer_id": ["d", "d"], "name": ["sex", "job"]}
    pq.write_table(pa.table(members), tmp_path / "attributes.parquet")
    files = [tmp_path / "rows.parquet"]
    with duckdb.connect() as connection:
        assert effective(connection, files, []).num_rows == 0
        assert effective(connection, [], [Edge(A, B)]).column_names == [
            "source",
            "customer_id",
            "to_source",
            "to_customer_id",
        ]
        found = effective(connection, files, [Edge(A, B), Edge(B, Key("mall", "x")), Edge(C, A), Edge(D, C)])
        assert found.to_pylist() == [
            {"source": "shop", "customer_id": name, "to_source": "mall", "to_customer_id": "x"} for name in ("a", "b")
        ]
        with_members = effective(connection, files, [Edge(A, D)], [tmp_path / "attributes.parquet"])
        assert with_members["to_customer_id"].to_pylist() == ["d"]
