"""Reads of rules: the people of one, how many they are, what can be asked."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial

from sqlmodel import Session, col, func, select

from app.core.errors import AppError, NotFound
from app.core.i18n import N_
from app.purchases.builds import NotCounted, version_before, version_in_use
from app.purchases.figures import list_file
from app.purchases.movement import fields as movement_fields
from app.purchases.other.queries import attribute_choices
from app.purchases.repeat import acquired
from app.purchases.repeat import fields as repeat_fields
from app.purchases.repeat.bought import FAMILY, NAME
from app.purchases.returning import fields as returning_fields
from app.purchases.schemas import Overview
from app.purchases.scoring import fields as scoring_fields
from app.purchases.segments import people
from app.purchases.segments.models import Segment, SegmentKind, SegmentMember
from app.purchases.segments.people import NEWEST, Asked, Order, Saved, Sums
from app.purchases.segments.rule import Rule, read_rule
from app.purchases.segments.schemas import Choices, Frozen, PeopleOf, SegmentRow
from app.purchases.stopping import fields as stopping_fields
from app.purchases.store import OrdersStore

OTHER_FIELDS = (movement_fields, repeat_fields, returning_fields, scoring_fields, stopping_fields)
"""Loaded for the fields that they add."""
MOST_WORDS = 20_000
MOST_FROZEN = 100_000
TOO_MANY = N_("A frozen segment keeps at most {most} people. Narrow the conditions, or save them as moving.")
USED = """SELECT {name} AS word FROM read_parquet(?) WHERE effect = 'sale' AND {name} <> ''
    GROUP BY word ORDER BY count(*) DESC, word LIMIT ?"""
CHANNELS = (
    """SELECT text FROM word WHERE id IN (SELECT DISTINCT channel FROM listed) AND text <> '' ORDER BY text LIMIT ?"""
)


def counted_version(session: Session) -> str:
    """Return the build that people are taken from.

    Raises:
        AppError: there are no orders.
    """
    version = version_in_use(session)
    if not version:
        raise AppError("no_orders", N_("There are no orders yet."))
    return version


def asked(session: Session, rule: Rule) -> Asked:
    """Return a rule with the saved segments that it names, and those that these name."""
    found: dict[str, Saved] = {}
    waiting = list(rule.segments)
    while waiting:
        public_id = waiting.pop()
        row = session.scalar(select(Segment).where(col(Segment.public_id) == public_id))
        if row is None or public_id in found:
            continue
        if row.kind is SegmentKind.FROZEN:
            found[public_id] = Saved(row.name, None, size_of(session, row), partial(_refs, session, row.id))
        else:
            inner = read_rule(row.rule)
            found[public_id] = Saved(row.name, inner)
            waiting += inner.segments
    return Asked(rule, tuple(sorted(found.items())))


def size_of(session: Session, row: Segment) -> int:
    """Return how many people a frozen segment keeps; somebody who was erased is not kept any more."""
    members = select(func.count()).select_from(SegmentMember).where(col(SegmentMember.segment_id) == row.id)
    return int(session.scalar(members) or 0)


def _refs(session: Session, segment_id: int | None) -> Sequence[str]:
    members = select(col(SegmentMember.customer_ref)).where(col(SegmentMember.segment_id) == segment_id)
    return session.scalars(members.order_by(col(SegmentMember.customer_ref))).all()


def get_segment(session: Session, public_id: str) -> Segment:
    """Return a saved segment.

    Raises:
        NotFound: there is none by that id.
    """
    found = session.scalar(select(Segment).where(col(Segment.public_id) == public_id))
    if found is None:
        raise NotFound("no_segment", N_("This segment does not exist. It may have been deleted."))
    return found


def segment_named(session: Session, name: str) -> Segment | None:
    """Return the saved segment of a name, None where there is none."""
    return session.scalar(select(Segment).where(col(Segment.name) == name, col(Segment.ready)))


def list_segments(session: Session, store: OrdersStore) -> tuple[SegmentRow, ...]:
    """Return all saved segments by name, with their people now and in the build before."""
    rows = session.scalars(select(Segment).where(col(Segment.ready)).order_by(col(Segment.name))).all()
    return tuple(segment_row(session, store, row) for row in rows)


def segment_row(session: Session, store: OrdersStore, row: Segment) -> SegmentRow:
    """Return a saved segment with its people now and, of a moving one, in the build before."""
    rule = read_rule(row.rule)
    found = SegmentRow(
        public_id=row.public_id,
        name=row.name,
        kind=row.kind,
        rule=rule,
        names=names_of(session, rule),
        created_at=row.created_at,
        frozen_on=row.frozen_on,
        size=row.size,
        people=None,
    )
    version, wanted = version_in_use(session), asked(session, found.own)
    if not version:
        return found
    try:
        found = replace(found, people=people.count(store, version, wanted).people)
        if row.kind is SegmentKind.FROZEN:
            kept = wanted.segments[row.public_id]
            return replace(found, there=people.count_kept(store, version, row.public_id, kept))
    except NotCounted:
        return found
    return _compared(store, version_before(session), wanted, found)


def _compared(store: OrdersStore, before: str, wanted: Asked, found: SegmentRow) -> SegmentRow:
    """Return a segment with its people in the build before; as it is where that cannot say, or is gone by now."""
    if not before:
        return found
    try:
        people_before, day = people.count(store, before, wanted).people, _overview(store, before).as_of
    except NotCounted:
        return found
    return replace(found, before=people_before, before_on=day)


def names_of(session: Session, rule: Rule) -> dict[str, str]:
    """Return the names of the saved segments that a rule names, by id."""
    rows = select(col(Segment.public_id), col(Segment.name)).where(col(Segment.public_id).in_(rule.segments))
    return {row[0]: row[1] for row in session.execute(rows)}


def naming(session: Session, public_id: str) -> dict[str, str]:
    """Return the names of the moving segments whose conditions name a saved one, by id; frozen ones keep their people."""
    moving = select(Segment).where(col(Segment.kind) == SegmentKind.MOVING).order_by(col(Segment.name))
    return {row.public_id: row.name for row in session.scalars(moving) if public_id in read_rule(row.rule).segments}


def frozen_people(session: Session, store: OrdersStore, *, rule: Rule) -> Frozen:
    """Return the people of a rule as a frozen segment keeps them.

    Raises:
        AppError: they are too many, or there are no orders.
        NotCounted: the build in use lacks a file that the rule needs.
    """
    version, wanted = counted_version(session), asked(session, rule)
    if people.count(store, version, wanted).people > MOST_FROZEN:
        raise AppError("too_many_people", TOO_MANY, most=f"{MOST_FROZEN:,}")
    return Frozen(_overview(store, version).as_of, tuple(people.references(store, version, wanted)))


def people_of(
    session: Session, store: OrdersStore, *, rule: Rule, order: Order = NEWEST, page: int = 1
) -> PeopleOf | None:  # fmt: skip
    """Return one page of the people of a rule; None while there are no orders. A page too far is the last one.

    Raises:
        NotCounted: the build in use lacks a file that the rule needs.
    """
    version = version_in_use(session)
    if not version:
        return None
    wanted = asked(session, rule)
    sums = people.count(store, version, wanted)
    shop = _overview(store, version)
    found = PeopleOf(
        rule, sums, (), order, 1, shop.as_of, shop.customers, names_of(session, rule), _currency(shop)
    )  # fmt: skip
    place = min(max(page, 1), found.pages)
    rows = people.people(store, version, wanted, order, place)
    return PeopleOf(**(vars(found) | {"rows": rows, "page": place}))


def count(session: Session, store: OrdersStore, *, rule: Rule) -> Sums | None:
    """Return how many people a rule finds and what they brought; None while there are no orders.

    Raises:
        NotCounted: the build in use lacks a file that the rule needs.
    """
    version = version_in_use(session)
    return people.count(store, version, asked(session, rule)) if version else None


def choices(session: Session, store: OrdersStore) -> Choices:
    """Return the words that the form of conditions offers."""
    version = version_in_use(session)
    if not version:
        return Choices((), (), (), (), (), ())
    return replace(
        _words(store, version),
        attributes=tuple(
            (one.name, tuple(value.value for value in one.values)) for one in attribute_choices(session, store)
        ),
        segments=tuple(
            (public_id, name)
            for public_id, name in session.execute(
                select(col(Segment.public_id), col(Segment.name)).where(col(Segment.ready)).order_by(col(Segment.name))
            )
        ),
    )


@lru_cache(maxsize=4)
def _words(store: OrdersStore, version: str) -> Choices:
    """Return the words of a build, the most used first; of ten million lines this takes a second, so it is kept."""
    with store.open_list(version) as listed:
        channels = tuple(text for (text,) in listed.execute(CHANNELS, (MOST_WORDS,)))
        sources = tuple(text for (text,) in listed.execute("SELECT source FROM shop ORDER BY source"))
    with store.plain_duckdb() as connection:
        given = [str(store.lines_path(version)), MOST_WORDS]
        products, families = (
            tuple(word for (word,) in connection.execute(USED.format(name=name), given).fetchall())
            for name in (NAME, FAMILY)
        )
        brought = acquired.words(connection, store.orders_path(version), MOST_WORDS)
    return Choices(products, families, channels, sources, (), (), brought)


def _overview(store: OrdersStore, version: str) -> Overview:
    with store.open_list(version) as listed:
        return list_file.read_overview(listed)


def _currency(shop: Overview) -> str:
    return next(iter(shop.amount)) if len(shop.amount) == 1 else ""
