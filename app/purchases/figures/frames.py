"""Ibis expressions from order lines to customers. They run on DuckDB, and but for two functions on any engine Ibis speaks."""

from datetime import date, datetime, timedelta

import ibis
from ibis import _

from app.purchases.figures.stored import Table, Value

CUSTOMER = ("source", "customer_id")
ORDER = (*CUSTOMER, "shop", "order_ref")
PROFILE = ("product_code", "product_name", "sales_channel", "number")
ACQUIRED = "acquisition_channel"
KIND_BITS = 60
KINDS = ("subscription", "single", "trial")
SUBSCRIPTION = KINDS.index("subscription")
UNPAID_BITS = 2
UNPAID = 1 << UNPAID_BITS
DEAREST = 10**9  # of dearer lines the first by product code names the order: packed numbers end somewhere
EPOCH = ibis.literal(datetime(1970, 1, 1))  # noqa: DTZ001 - the shop's wall clock


def _hash(_first: str, _second: str) -> int:  # type: ignore[empty-body]  # the engine's own function of that name
    """Return a 64-bit key of two texts: dearer steps go by it instead of the texts."""


key_of = ibis.udf.scalar.builtin(_hash, name="hash", signature=(("string", "string"), "uint64"))


def _moment(_microseconds: int) -> datetime:  # type: ignore[empty-body]  # the engine's own function of that name
    """Return the moment so many microseconds after 1970 began."""


moment_of = ibis.udf.scalar.builtin(_moment, name="make_timestamp", signature=(("int64",), "timestamp"))


def goods_lines(lines: Table, as_of: date | None = None) -> Table:
    """Return the lines of goods that were sold or came back, up to a day."""
    goods = lines.filter(_.effect != "none").mutate(number=_.subscription_number.fill_null(0))
    return goods if as_of is None else goods.filter(_.ordered_on <= as_of)


def said(goods: Table) -> Table:
    """Return the few different things that millions of lines say: whoever needs them looks at the lines once."""
    return goods.select("source", "currency", *PROFILE).distinct()


def profiles(said: Table) -> Table:
    """Return what a line can say of its order (product, channel, number of the subscription), numbered by product code."""
    texts = said.select(*PROFILE).distinct()
    return texts.mutate(profile=ibis.row_number().over(order_by=list(PROFILE)) + 1)


def room(profiles_there: int) -> int:
    """Return the power of two above a number of profiles: what one takes within a packed number."""
    return 1 << max(profiles_there, 1).bit_length()


def orders(goods: Table, profile: Table, size: int, *, acquired: bool = False) -> Table:
    """Return one row for each order; `ordered_at` is null where it does not count: nothing sold, or wholly returned.

    `amount` and `pieces` are net of what came back; `kind` and `profile` are those of the line that names the order:
    one paid for, of the kind that the order is (`timelines.order_kind`), the dearest of those, then by product code.
    Orders of unknown customers have customer_id ''. With `acquired` there is what brought each order, empty where no line
    says it; of several words the last one.
    """
    # One packed number per line: its minimum names the line, whatever the threads; a window would sort all lines.
    most = (1 << KIND_BITS) // size - 1
    scale = 10_000 if size <= 1 << 20 else 1
    dearest = min(most // scale, DEAREST)
    units = (ibis.greatest(ibis.least(_.amount, dearest), 0) * scale).cast("int64")
    rank = ibis.cases(*((_.kind == kind, place) for place, kind in enumerate(KINDS)), else_=1).cast("int64")
    paid = ibis.ifelse(_.amount > 0, 0, UNPAID).cast("int64")
    sale = _.effect == "sale"
    known = goods.join(profile, PROFILE)
    named = known.mutate(
        name_key=(paid + rank) * (1 << KIND_BITS) + (most - units) * size + _.profile,
        order_key=key_of(_.shop, _.order_ref),
    )
    # 64 bits of an order's name are enough inside one customer; the whole text would double the table's size.
    found = named.group_by(*CUSTOMER, "order_key").agg(
        ordered_at=_.ordered_at.min(where=sale),
        back=(_.effect == "counter").any(),
        pieces=_.quantity.sum().cast("int64"),
        amount=_.amount.sum().cast("decimal(18, 4)"),
        name_key=_.name_key.min(where=sale),
        **({ACQUIRED: _[ACQUIRED].max(where=sale)} if acquired else {}),
    )
    counts = ~(_.back & (_.pieces <= 0))
    return found.select(
        *CUSTOMER,
        "pieces",
        "amount",
        ordered_at=ibis.ifelse(counts, _.ordered_at, ibis.null("timestamp")),
        ordered_on=ibis.ifelse(counts, _.ordered_at, ibis.null("timestamp")).cast("date"),
        kind=((_.name_key >> KIND_BITS) % UNPAID).cast("int8"),  # a shift: Ibis divides whole numbers by way of floats
        profile=(_.name_key % size).cast("int32"),
        **({ACQUIRED: _[ACQUIRED]} if acquired else {}),
    )


def spaces(orders: Table) -> Table:
    """Return how often people of a source let so many days pass between two orders; one row for each who let none pass.

    Of a gap of 0 days `customer_key` says whose it is, else it is 0.
    """
    known = orders.filter((_.customer_id != "") & _.ordered_on.notnull())
    keyed = known.select("source", "ordered_on", customer_key=key_of(known.source, known.customer_id))
    before = keyed.mutate(before=_.ordered_on.lag().over(group_by="customer_key", order_by="ordered_on"))
    gapped = before.filter(_.before.notnull()).mutate(gap=_.ordered_on.delta(_.before, unit="day"))
    gapped = gapped.mutate(customer_key=ibis.ifelse(_.gap == 0, _.customer_key, 0).cast("uint64"))
    return gapped.group_by("source", "customer_key", "gap").agg(times=_.count())


def gaps(spaces: Table) -> Table:
    """Return how often a source's customers let so many days pass between two purchase days."""
    return spaces.filter(_.gap > 0).select("source", "gap", "times").order_by("source", "gap")


def source_numbers(orders: Table) -> Table:
    """Return for each source the orders of its known customers and their total."""
    valid = orders.filter((_.customer_id != "") & _.ordered_on.notnull())
    return valid.group_by("source").agg(orders=_.count(), total=_.amount.sum()).order_by("source")


def customers(
    orders: Table, spaces: Table, as_of: date | Value, cutoff: date | Value, *, recent_days: int, size: int
) -> Table:  # fmt: skip
    """Return one row for each customer with a valid order: counts, sums, first and last order, and how they stood at `cutoff`.

    Orders of one moment go by kind, trials first, then by profile. Sums hold what came back without an order of its own.
    """
    # Moment, kind and profile in one number: its least is the first order, its greatest the last one.
    names = (len(KINDS) - 1 - _.kind.cast("int64")) * size + _.profile
    known = orders.filter(_.customer_id != "").mutate(
        packed=_.ordered_at.delta(EPOCH, unit="second") * (UNPAID * size) + names
    )
    bits = size.bit_length() - 1
    recent = _.ordered_on > as_of - timedelta(days=recent_days)
    then = _.ordered_on <= cutoff
    found = known.group_by(CUSTOMER).agg(
        orders=_.ordered_on.count(),
        items=_.pieces.sum().cast("int64"),
        amount=_.amount.sum().cast("decimal(18, 4)"),
        recent_amount=_.amount.sum(where=recent).fill_null(0).cast("decimal(18, 4)"),
        first_packed=_.packed.min(),
        last_packed=_.packed.max(),
        subscription_orders=_.count(where=_.ordered_on.notnull() & (_.kind == SUBSCRIPTION)),
        trial_orders=_.count(where=_.ordered_on.notnull() & (_.kind == KINDS.index("trial"))),
        past_orders=_.count(where=then),
        past_last_on=_.ordered_on.max(where=then),
    )
    again = spaces.filter(_.gap == 0).select(again_key=_.customer_key, same_days=_.times)
    placed = found.filter(_.orders > 0).mutate(key=key_of(_.source, _.customer_id))
    counted = placed.left_join(again, placed.key == again.again_key).drop("key", "again_key")
    return counted.mutate(
        purchase_days=_.orders - _.same_days.fill_null(0),
        single_orders=_.orders - _.subscription_orders - _.trial_orders,
        **{
            f"{end}_order_on": moment_of((_[f"{end}_packed"] >> bits + UNPAID_BITS) * 1_000_000).date()
            for end in ("first", "last")
        },
        **{f"{end}_profile": (_[f"{end}_packed"] % size).cast("int32") for end in ("first", "last")},
        **{f"{end}_kind": len(KINDS) - 1 - (_[f"{end}_packed"] >> bits) % UNPAID for end in ("first", "last")},
    ).drop("same_days", "first_packed", "last_packed")


def returns(customers: Table) -> Table:
    """Count people by their orders and last day at the cut-off, and those of them who ordered again since."""
    known = customers.filter(_.past_orders > 0).mutate(later=_.orders > _.past_orders)
    counted = known.group_by("past_orders", "past_last_on")
    return counted.agg(people=_.count(), came_back=_.count(where=_.later))
