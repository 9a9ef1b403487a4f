"""Keys that people have said are one customer: where each leads, and which of two stays. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.purchases.identity.people import MAIL_KEY, PHONE_KEY, key_prefix


class Key(NamedTuple):
    """A customer as a source knows them."""

    source: str
    customer_id: str

    @property
    def made_from(self) -> str:
        """`mail-` or `tel-` for a guest's key, nothing for a number of the shop."""
        return key_prefix(self.customer_id)


class Edge(NamedTuple):
    """The orders of `key` count as those of `to`."""

    key: Key
    to: Key


@dataclass(frozen=True)
class Claim:
    """What speaks for keeping a key: whether somebody was picked under it, and since when it orders."""

    key: Key
    picked: bool
    first_order_on: date | None


def ancestors(edges: Iterable[Edge], key: Key) -> list[Key]:
    """Return where a key leads, step by step, itself not among them; a circle ends where it would begin anew."""
    above = dict(edges)
    path: list[Key] = []
    while key in above and above[key] not in path:
        key = above[key]
        path.append(key)
    return path


def root(edges: Iterable[Edge], key: Key) -> Key:
    """Return the key that stands for a key."""
    return (ancestors(edges, key) or [key])[-1]


def parts(edges: Iterable[Edge], key: Key) -> list[Edge]:
    """Return all steps that lead to a key, nearest first."""
    below: dict[Key, list[Edge]] = {}
    for edge in edges:
        below.setdefault(edge.to, []).append(edge)
    found: list[Edge] = []
    wave = [key]
    while wave:
        steps = [edge for to in wave for edge in below.get(to, []) if edge not in found]
        found += steps
        wave = [edge.key for edge in steps]
    return found


def resolved(edges: Iterable[Edge], currencies: Mapping[Key, frozenset[str]]) -> dict[Key, Key]:
    """Return for each key that is there the farthest key above it that is there too, in the same currencies.

    `currencies` holds the keys that some file knows: the currencies of their orders, none for a member without orders.
    A merge whose other side is gone has no effect until it is back.
    """
    known = tuple(edges)
    found = {}
    for key in dict.fromkeys(edge.key for edge in known if edge.key in currencies):
        own = currencies[key]
        fitting = [
            above
            for above in ancestors(known, key)
            if above in currencies and (not own or currencies[above] in (own, frozenset()))
        ]
        if fitting and fitting[-1] != key:
            found[key] = fitting[-1]
    return found


def kept(one: Claim, other: Claim) -> Claim:
    """Return the side that stays: picked for a study, else the shop's own number, else the older."""
    return min(one, other, key=_rank)


def _rank(claim: Claim) -> tuple[bool, int, date, Key]:
    return not claim.picked, _kind(claim.key.customer_id), claim.first_order_on or date.max, claim.key


def _kind(customer_id: str) -> int:
    return ("", MAIL_KEY, PHONE_KEY).index(key_prefix(customer_id))
