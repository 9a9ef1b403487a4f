"""One measured run of one engine over one order file, in a process of its own: prints its seconds as JSON.

A file of a few rows goes first, as in a worker that has taken in a file before: libraries are loaded then.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import order_file

FIRST_LINES = 1_000
HEADS = ("注文番号", "顧客ID", "注文日時", "商品コード", "商品名", "数量", "金額", "対応状況", "販売経路")
VOID = ("返品", "注文取消し")
TYPES = dict.fromkeys(HEADS, "VARCHAR") | {"注文日時": "TIMESTAMP", "数量": "INTEGER", "金額": "BIGINT"}


def floor(path: Path, encoding: str, home: Path) -> dict[str, float]:
    """Scan the typed columns and filter, as DuckDB does it: less than this nobody can do."""
    import duckdb

    del encoding, home
    began = time.perf_counter()
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    duckdb.connect(config={"threads": 2}).execute(
        f"""SELECT max("注文番号"), max("顧客ID"), max("注文日時"), sum("金額")
        FROM read_csv('{path}', header=true, columns={{{columns}}}, timestampformat='%Y/%m/%d %H:%M:%S')
        WHERE "対応状況" NOT IN {VOID}"""
    ).fetchall()
    return {"seconds": time.perf_counter() - began}


def pandas(path: Path, encoding: str, home: Path) -> dict[str, float]:
    """Do the same work as a person would with pandas: orders, customers, gaps, scores, types and classes."""
    import numpy as np
    import pandas as pd  # type: ignore[import-untyped]  # it ships no types, and only this bench uses it

    del home
    began = time.perf_counter()
    lines = pd.read_csv(path, encoding=encoding, dtype=dict.fromkeys(("注文番号", "顧客ID", "商品コード"), "string"))
    lines["注文日時"] = pd.to_datetime(lines["注文日時"], format="%Y/%m/%d %H:%M:%S")
    lines = lines[~lines["対応状況"].isin(VOID)].sort_values(["注文番号", "金額"], ascending=[True, False])
    by_order = lines.groupby(["顧客ID", "注文番号"], sort=False)
    orders = by_order.agg(at=("注文日時", "min"), amount=("金額", "sum"), product=("商品名", "first")).reset_index()
    orders["on"] = orders["at"].dt.normalize()
    orders = orders.sort_values(["顧客ID", "at"])
    by_customer = orders.groupby("顧客ID", sort=False)
    gaps = by_customer["on"].diff().dt.days
    people = by_customer.agg(
        orders=("注文番号", "size"), days=("on", "nunique"), amount=("amount", "sum"), first=("on", "min"),
        last=("on", "max"), first_product=("product", "first"), last_product=("product", "last"),
    )  # fmt: skip
    day = people["last"].max()
    since, span = (day - people["last"]).dt.days, (people["last"] - people["first"]).dt.days
    for name, column in (("r", "last"), ("f", "orders"), ("m", "amount")):
        people[name] = np.ceil(people[column].rank(method="max", pct=True) * 5).astype("int8")
    people["decile"] = 1 + (people["amount"].rank(method="min", ascending=False) - 1) * 10 // len(people)
    lapse = min(max(round(gaps[gaps > 0].quantile(0.9)), 60), 240)
    high = people["amount"] >= 7 * orders["amount"].mean()
    long, once = span >= 90, people["orders"] == 1
    people["type"] = np.select(
        [once, long & high, long, high], ["first_time", "fan", "repeat", "trend"], default="budding"
    )
    people["class"] = np.select(
        [since > max(240, 2 * lapse), since > lapse, once, people["type"] == "fan"],
        ["churned", "lapsed", "new", "loyal"],
        default="active",
    )
    return {"seconds": time.perf_counter() - began, "customers": len(people)}


def ours(path: Path, encoding: str, home: Path) -> dict[str, float]:
    """Check the file and count the figures by the functions that an import calls, then write the list of pages."""
    from app.core.settings import Settings
    from app.purchases.figures import version
    from app.purchases.files.names import FIXES, ORIGINAL, ROWS, Numbering
    from app.purchases.files.prepare import prepare
    from app.purchases.import_schemas import Mapping
    from app.purchases.store import OrdersStore

    del encoding
    store = OrdersStore(Settings(home=home))
    folder = home / "uploads" / "bench"
    shutil.rmtree(home, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / ORIGINAL).hardlink_to(path)
    store.orders_dir.mkdir()
    began = time.perf_counter()
    done = prepare(store, folder, mapping=Mapping(), numbering=Numbering("bench", 1), earlier=[])
    checked = time.perf_counter()
    fixes = [folder / FIXES] if (folder / FIXES).exists() else []
    with store.duckdb() as backend:
        found = version.counted(backend, [folder / ROWS], fixes, version.Parts(), folder)
        counted = time.perf_counter()
        if found is None:
            raise RuntimeError("no order counts")
        version.write_list(backend, found[1], folder / "list.sqlite3", key=store.secret, as_of_is_set=False)
        listed = time.perf_counter()
    return {
        "seconds": counted - began,
        "check": checked - began,
        "count": counted - checked,
        "list": listed - counted,
        "customers": done.report.customers,
    }


ENGINES: dict[str, Callable[[Path, str, Path], dict[str, Any]]] = {"floor": floor, "pandas": pandas, "ours": ours}


def main(engine: str, path: Path, encoding: str, home: Path) -> dict[str, float]:
    """Return the seconds of the file, and those of the few rows before it."""
    first = path.with_name("first.csv")
    order_file.write(first, FIRST_LINES, encoding)
    began = time.perf_counter()
    ENGINES[engine](first, encoding, home)
    loaded = time.perf_counter() - began
    return ENGINES[engine](path, encoding, home) | {"first": loaded}


if __name__ == "__main__":
    chosen, file, written_in, folder = sys.argv[1:]
    print(json.dumps(main(chosen, Path(file), written_in, Path(folder))))
