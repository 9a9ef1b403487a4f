"""An order file checked, accounted for and kept, its customers counted and named, as a person would with pandas.

Left out is what its files never hold: fees, refunds, subscriptions that were cancelled, earlier imports.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # it ships no types, and only this bench uses it

from tests.bench.order_file import VOID

TEXTS = ("注文番号", "顧客ID", "商品コード")
PERSON, ORDER = "顧客ID", "注文番号"
WITHIN, YEAR = pd.Timedelta(days=90), pd.Timedelta(days=365)
Frame = Any


def summary(path: Path, encoding: str, home: Path) -> Frame:
    """Return one row for each customer with a valid order; the rows of the file and the customers are kept in `home`."""
    lines = pd.read_csv(path, encoding=encoding, dtype=dict.fromkeys(TEXTS, "string"))
    lines["注文日時"] = pd.to_datetime(lines["注文日時"], format="%Y/%m/%d %H:%M:%S", errors="coerce")
    account(lines)
    lines.to_parquet(home / "rows.parquet", compression="snappy")
    lines = lines[~lines["対応状況"].isin(VOID)].drop(columns="対応状況")
    people = named(*customers(orders(lines)))
    people.to_parquet(home / "summary.parquet", compression="snappy")
    return people


def account(lines: Frame) -> dict[str, object]:
    """Return what the check of a file tells: rows held back, exact repeats, rows and amounts by state, distinct keys."""
    return {
        "held": int(lines[[ORDER, PERSON, "注文日時", "金額", "数量"]].isna().any(axis=1).sum()),
        "repeats": int(lines.duplicated().sum()),
        "states": lines.groupby("対応状況")["金額"].agg(["size", "sum"]),
        "days": (lines["注文日時"].min(), lines["注文日時"].max()),
        **{name: lines[name].nunique() for name in TEXTS},
    }


def orders(lines: Frame) -> Frame:
    """Return the orders with the product and kind of their dearest line."""
    name = lines["商品名"]
    rank = np.select([name.str.contains("定期"), name.str.contains("トライアル")], [0, 2], default=1)
    lines = lines.assign(kind=rank).sort_values(
        [ORDER, "kind", "金額", "商品コード"], ascending=[True, True, False, True]
    )
    grouped = lines.groupby([PERSON, ORDER], sort=False)
    found = grouped.agg(
        at=("注文日時", "min"), amount=("金額", "sum"), items=("数量", "sum"), product=("商品名", "first"),
        kind=("kind", "first"), channel=("販売経路", "first"),
    ).reset_index()  # fmt: skip
    found["on"] = found["at"].dt.normalize()
    return found.sort_values([PERSON, "at"])


def customers(found: Frame) -> tuple[Frame, Frame]:
    """Return the customers' figures, and their orders with the days since the one before."""
    grouped = found.groupby(PERSON, sort=False)
    found["gap"] = grouped["on"].diff().dt.days
    day = found["on"].max()
    people = grouped.agg(
        orders=(ORDER, "size"), days=("on", "nunique"), amount=("amount", "sum"), items=("items", "sum"),
        first=("on", "min"), last=("on", "max"), first_product=("product", "first"), last_product=("product", "last"),
        first_kind=("kind", "first"), last_kind=("kind", "last"), channel=("channel", "first"), gap=("gap", "mean"),
    )  # fmt: skip
    recent = found[found["on"] > day - YEAR].groupby(PERSON)["amount"].sum()
    past = found[found["on"] <= day - WITHIN].groupby(PERSON)["on"].agg(past_orders="size", past_last="max")
    kinds = found.pivot_table(index=PERSON, columns="kind", values="items", aggfunc="size", fill_value=0).add_prefix(
        "kind_"
    )
    return people.join(recent.rename("recent").to_frame()).join(past).join(kinds), found


def named(people: Frame, found: Frame) -> Frame:
    """Give each customer scores, type, class, bands and where they stopped."""
    day = people["last"].max()
    since, span = (day - people["last"]).dt.days, (people["last"] - people["first"]).dt.days
    for name, column in (("r", "last"), ("f", "orders"), ("m", "amount")):
        people[name] = np.ceil(people[column].rank(method="max", pct=True) * 5).astype("int8")
    people["decile"] = 1 + (people["amount"].rank(method="min", ascending=False) - 1) * 10 // len(people)
    lapse = min(max(round(found["gap"][found["gap"] > 0].quantile(0.9)), 60), 240)
    high = people["amount"] >= 7 * found["amount"].mean()
    long, once = span >= 90, people["orders"] == 1
    people["type"] = np.select(
        [once, long & high, long, high], ["first_time", "fan", "repeat", "trend"], default="budding"
    )
    people["class"] = np.select(
        [since > max(240, 2 * lapse), since > lapse, once, people["type"] == "fan"],
        ["churned", "lapsed", "new", "loyal"],
        default="active",
    )
    best = people["recent"].fillna(0).rank(method="min", ascending=False) <= 0.01 * len(people)
    people["super_loyal"] = best & (people["class"] == "loyal")
    people["count_band"] = np.where(people["orders"] < 4, people["orders"].astype("string"), "4+")
    people["elapsed_band"] = pd.cut(since, [-1, 30, 60, 90, 120, np.inf], labels=["30", "60", "90", "120", "over"])
    stopped = people["class"].isin(["churned", "lapsed"])
    of_kind = np.select([people["last_kind"] == kind for kind in range(3)], [people[f"kind_{n}"] for n in range(3)])
    people["stop_number"] = np.where(stopped, of_kind, 0)
    people["stop_product"] = people["last_product"].where(stopped)
    people["stop_kind"] = people["last_kind"].where(stopped)
    people["stop_ending"] = pd.Series("stopped", people.index).where(stopped)
    people["days_since_last"] = since
    people["source"], people["currency"] = "bench", "JPY"
    return people.drop(columns=["kind_0", "kind_1", "kind_2", "last_product", "last_kind", "recent"])
