"""What the pages of rules and saved segments show, read in a thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from sqlmodel import Session

from app.purchases import queries as purchases
from app.purchases.segments import queries
from app.purchases.segments.csv_file import COLUMNS, Column
from app.purchases.segments.fields import FIELDS
from app.purchases.segments.models import SegmentKind
from app.purchases.segments.people import Order, Sums
from app.purchases.segments.rule import FROM, TO, BadCondition, Rule, read_rule
from app.purchases.segments.schemas import PeopleOf, SegmentRow
from app.purchases.store import OrdersStore
from app.web.figures.rule_form import RuleForm, rule_form, suggested
from app.web.forms import FieldError
from app.web.routes.purchases import SORT_KEYS, SORTS, UP, Head

Pairs = list[tuple[str, str]]
SAVED = "saved"
"""Names in an address the segment whose conditions are being changed."""
KEPT = ("sort", SAVED)
SEARCHED = (
    "first_product", "stop_product", "bought_product", "bought_family", "sales_channel", "acquisition_channel", "source",
)  # fmt: skip
"""Fields whose words may be more than a form can offer."""


@dataclass(frozen=True)
class PeopleOfPage:
    """The people of a rule, and the form to change it; `found` is None while there are no orders.

    `segment` is the saved one that is shown, or (`changing`) whose conditions are being changed.
    """

    found: PeopleOf | None
    rule: Rule
    form: RuleForm
    sort: str
    segment: SegmentRow | None = None
    changing: bool = False
    errors: Mapping[str, FieldError] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    sorts: tuple[tuple[str, str], ...] = SORTS
    heads: Mapping[str, Head] = field(default_factory=dict)
    columns: tuple[Column, ...] = COLUMNS

    @property
    def rule_query(self) -> str:
        """The query of the rule alone."""
        return self.rule.to_query()

    @property
    def itself(self) -> bool:
        """Whether this is the page of a saved segment, whose address names it."""
        return self.segment is not None and not self.changing

    @property
    def kept(self) -> Pairs:
        """What sorting and paging leave in the address: the rule and the segment that is being changed."""
        if self.segment is None:
            return self.rule.pairs
        return [*self.rule.pairs, (SAVED, self.segment.public_id)] if self.changing else []

    @property
    def form_open(self) -> bool:
        """Whether the form of conditions stands open: nothing is asked yet, or a condition cannot be used."""
        return not self.rule.conditions or not self.errors.keys().isdisjoint(FIELDS)

    def page_query(self, page: int) -> str:
        """Return the query of another page of the list."""
        return urlencode([*self.kept, ("sort", self.sort), ("page", str(page))])


@dataclass(frozen=True)
class CountPart:
    """How many people the conditions find as they stand in the form."""

    sums: Sums | None
    customers: int = 0
    fault: BadCondition | None = None


@dataclass(frozen=True)
class WordsPart:
    """Words of a field that hold what was typed."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class SegmentsPage:
    """All saved segments."""

    rows: tuple[SegmentRow, ...]
    as_of: date | None


@dataclass(frozen=True)
class DeletePage:
    """A segment that somebody is about to delete, and the names of those that name it, by id."""

    row: SegmentRow
    users: Mapping[str, str]


def people_of_page(session: Session, store: OrdersStore, *, rule: Rule, pairs: Pairs) -> PeopleOfPage:
    """Return the page of a rule as an address asks for it."""
    given = dict(pairs)
    sort = given["sort"] if given.get("sort") in SORT_KEYS else SORTS[0][0]
    order = Order(SORT_KEYS[sort], not sort.endswith(UP))
    number = given.get("page", "")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 1
    segment = changed_segment(session, store, given.get(SAVED, ""))
    return PeopleOfPage(
        found=queries.people_of(session, store, rule=rule, order=order, page=page),
        rule=rule,
        form=rule_form(rule, queries.choices(session, store)),
        sort=sort,
        segment=segment,
        changing=segment is not None,
    )


def changed_segment(session: Session, store: OrdersStore, segment_id: str) -> SegmentRow | None:
    """Return the saved segment whose conditions are being changed; a frozen one's cannot be.

    Raises:
        NotFound: there is none by that id.
    """
    row = queries.get_segment(session, segment_id) if segment_id else None
    return queries.segment_row(session, store, row) if row and row.kind is SegmentKind.MOVING else None


def refused_page(
    session: Session, store: OrdersStore, *, rule: Rule, errors: Mapping[str, FieldError],
    typed: Mapping[str, str] | None = None, saved: str = "",
) -> PeopleOfPage:  # fmt: skip
    """Return the page of a rule that could not be saved or handed out, with what was typed."""
    page = people_of_page(session, store, rule=rule, pairs=[(SAVED, saved)])
    return replace(page, errors=errors, typed=typed or {})


def segment_page(
    session: Session, store: OrdersStore, *, segment_id: str, pairs: Sequence[tuple[str, str]] = (),
    errors: Mapping[str, FieldError] | None = None, typed: Mapping[str, str] | None = None,
) -> PeopleOfPage:  # fmt: skip
    """Return the page of a saved segment: its people now; `pairs` of its address sort and page the list."""
    row = queries.segment_row(session, store, queries.get_segment(session, segment_id))
    listed = [pair for pair in pairs if pair[0] != SAVED]
    return replace(
        people_of_page(session, store, rule=row.own, pairs=listed), segment=row, errors=errors or {}, typed=typed or {}
    )


def delete_page(session: Session, store: OrdersStore, *, segment_id: str) -> DeletePage:
    """Return what deleting a segment would mean."""
    row = queries.segment_row(session, store, queries.get_segment(session, segment_id))
    return DeletePage(row, queries.naming(session, segment_id))


def segments_page(session: Session, store: OrdersStore) -> SegmentsPage:
    """Return the list of saved segments."""
    return SegmentsPage(queries.list_segments(session, store), purchases.as_of(session, store))


def wrong_page(session: Session, store: OrdersStore, *, pairs: Pairs) -> PeopleOfPage:
    """Return the page of conditions of which some cannot be read: without people, all of them as they were given."""
    rule, errors = _readable(pairs)
    given = dict(pairs)
    unread = {name: text for name, text in pairs if field_of(name) in errors}
    segment = changed_segment(session, store, given.get(SAVED, ""))
    return PeopleOfPage(
        found=None,
        rule=rule,
        form=rule_form(rule, queries.choices(session, store), unread),
        sort=SORTS[0][0],
        segment=segment,
        changing=segment is not None,
        errors=errors,
    )


def _readable(pairs: Pairs) -> tuple[Rule, dict[str, FieldError]]:
    """Return the rule of the conditions that can be read, and what is wrong with the others, by field."""
    errors: dict[str, FieldError] = {}
    while True:
        try:
            return read_rule(pairs), errors
        except BadCondition as fault:
            errors[fault.field] = FieldError(fault.message, fault.params)
            pairs = [pair for pair in pairs if field_of(pair[0]) != fault.field]


def field_of(name: str) -> str:
    """Return the field that an entry of the form belongs to: orders_from → orders."""
    return name.removesuffix(FROM).removesuffix(TO)


def words_part(session: Session, store: OrdersStore, *, name: str, text: str) -> WordsPart:
    """Return words of the data that hold a text."""
    return WordsPart(name, suggested(name, text, queries.choices(session, store)))


def count_part(session: Session, store: OrdersStore, *, pairs: Pairs) -> CountPart:
    """Return the head-count of conditions that are being written."""
    try:
        sums = queries.count(session, store, rule=read_rule(pairs))
    except BadCondition as fault:
        return CountPart(None, fault=fault)
    everybody = queries.count(session, store, rule=Rule())
    return CountPart(sums, customers=everybody.people if everybody else 0)
