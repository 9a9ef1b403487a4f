"""Ibis expressions from order rows to customers. They run on DuckDB here and on any other engine Ibis speaks."""

from datetime import date, timedelta
from typing import Any

import ibis
from ibis import _

CUSTOMER = ("source", "customer_id")
ORDER = (*CUSTOMER, "order_ref")
Table = Any  # Ibis builds its column attributes at run time; the type checker cannot follow them


def newest(rows: Table) -> Table:
    """Keep one row for each key of a source: the one from the newest import."""
    ranked = rows.mutate(
        place=ibis.row_number().over(
            group_by=["source", "order_id", "row_key", "nth"], order_by=ibis.desc("import_number")
        )
    )
    return ranked.filter(_.place == 0).drop("place")


def valid_orders(lines: Table, as_of: date | None = None) -> Table:
    """Return one row for each valid order: not cancelled, not wholly returned, with at least one sold line.

    `amount` and `pieces` are net of what came back; fees are never in.
    """
    goods = lines.filter(_.effect != "none")
    if as_of is not None:
        goods = goods.filter(_.ordered_on <= as_of)
    sale = _.effect == "sale"
    orders = goods.group_by(ORDER).agg(
        sold=sale.any(),
        back=(_.effect == "counter").any(),
        pieces=_.quantity.sum(),
        amount=_.amount.sum(),
        ordered_at=_.ordered_at.min(where=sale),
        ordered_on=_.ordered_on.min(where=sale),
        currency=_.currency.min(),
        order_id=_.order_id.min(where=sale),
    )
    kept = orders.filter(_.sold & ~(_.back & (_.pieces <= 0)))
    return (
        kept.drop("sold", "back")
        .left_join(_main_lines(goods), ORDER)
        .drop("source_right", "customer_id_right", "order_ref_right")
    )


def _main_lines(goods: Table) -> Table:
    """Return the line that names each order: one paid for, of the kind that the order is, the dearest of those.

    The kind is that of `timelines.order_kind`: a sample for nothing does not turn a trial into a single purchase.
    """
    rank = ibis.ifelse(_.kind == "subscription", 0, ibis.ifelse(_.kind == "trial", 2, 1))
    ranked = goods.filter(_.effect == "sale").mutate(
        product=ibis.ifelse(_.product_name != "", _.product_name, _.product_code),
        place=ibis.row_number().over(
            group_by=list(ORDER),
            order_by=[
                ibis.desc(_.amount > 0),
                rank,
                ibis.desc("amount"),
                ibis.asc("product_code"),
                ibis.asc("line"),
            ],
        ),
    )
    return ranked.filter(_.place == 0).select(*ORDER, "product", "kind", "sales_channel", "subscription_number")


def gaps(orders: Table) -> Table:
    """Return the days between following purchase days of a customer."""
    days = orders.select(*CUSTOMER, "ordered_on").distinct()
    before = _.ordered_on.lag().over(group_by=list(CUSTOMER), order_by="ordered_on")
    gapped = days.mutate(before=before).filter(_.before.notnull())
    return gapped.select("source", gap=_.ordered_on.delta(_.before, unit="day"))


def source_numbers(orders: Table, share: float) -> Table:
    """Return for each source what its thresholds need: orders, total, and the gap quantile."""
    totals = orders.group_by("source").agg(
        orders=_.count(),
        total=_.amount.sum(),
        currency=_.currency.min(),
        first_on=_.ordered_on.min(),
        last_on=_.ordered_on.max(),
    )
    quantiles = gaps(orders).group_by("source").agg(gap=_.gap.quantile(share))
    return totals.left_join(quantiles, "source").drop("source_right")


def cancellations(lines: Table, as_of: date) -> Table:
    """Return the newest subscription cancel of each customer up to the as-of date."""
    ended = lines.filter(_.subscription_cancelled_on.notnull() & (_.subscription_cancelled_on <= as_of))
    return ended.group_by(CUSTOMER).agg(cancelled_on=_.subscription_cancelled_on.max())


def customers(orders: Table, lines: Table, as_of: date, *, recent_days: int) -> Table:
    """Return one row for each customer of `orders`: counts, sums, scores, first and last order.

    `orders` and `lines` end at `as_of`, or hold everything where nobody set a day (returns may follow the newest order).
    """
    placed = orders.mutate(
        first_place=ibis.row_number().over(group_by=list(CUSTOMER), order_by=["ordered_at", "order_id"]),
        last_place=ibis.row_number().over(
            group_by=list(CUSTOMER), order_by=[ibis.desc("ordered_at"), ibis.desc("order_id")]
        ),
    )
    recent = _.ordered_on > as_of - timedelta(days=recent_days)
    first, last = _.first_place == 0, _.last_place == 0
    figures = placed.group_by(CUSTOMER).agg(
        orders=_.count(),
        purchase_days=_.ordered_on.nunique(),
        currency=_.currency.min(),
        first_order_on=_.ordered_on.min(),
        last_order_on=_.ordered_on.max(),
        recent_amount=_.amount.sum(where=recent),
        first_product=_.product.max(where=first),
        first_kind=_.kind.max(where=first),
        sales_channel=_.sales_channel.max(where=first),
        last_product=_.product.max(where=last),
        last_kind=_.kind.max(where=last),
        last_number=_.subscription_number.max(where=last),
        trial_orders=_.count(where=_.kind == "trial"),
        single_orders=_.count(where=_.kind == "single"),
        subscription_orders=_.count(where=_.kind == "subscription"),
    )
    goods = lines.filter(_.effect != "none")
    sums = goods.group_by(CUSTOMER).agg(items=_.quantity.sum(), amount=_.amount.sum())
    joined = figures.join(sums, list(CUSTOMER)).left_join(cancellations(lines, as_of), list(CUSTOMER))
    joined = joined.drop("source_right", "customer_id_right").mutate(recent_amount=_.recent_amount.fill_null(0))
    return scores(joined).order_by(list(CUSTOMER))


def scores(table: Table) -> Table:
    """Add R, F, M by ceil(5 x cume_dist), the decile and the place by recent amount, each within its source."""
    share = {
        name: ibis.cume_dist().over(group_by="source", order_by=column)
        for name, column in (("r", "last_order_on"), ("f", "orders"), ("m", "amount"))
    }
    higher = ibis.rank().over(group_by="source", order_by=ibis.desc("amount"))
    recent = ibis.rank().over(group_by="source", order_by=ibis.desc("recent_amount"))
    people = _.count().over(group_by="source")
    return table.mutate(
        **{name: (value * 5).ceil().cast("int64") for name, value in share.items()},
        decile=(1 + (higher * 10) // people).cast("int64"),
        recent_place=recent,
        people=people,
    )


def returns(orders: Table, cutoff: date) -> Table:
    """Count people by their orders and last day at `cutoff`, and those of them who ordered again since."""
    then = _.ordered_on <= cutoff
    people = orders.group_by(CUSTOMER).agg(
        orders=_.count(where=then),
        last_order_on=_.ordered_on.max(where=then),
        later=(_.ordered_on > cutoff).any(),
    )
    known = people.filter(_.orders > 0).group_by("orders", "last_order_on")
    return known.agg(people=_.count(), came_back=_.count(where=_.later)).order_by("orders", "last_order_on")
