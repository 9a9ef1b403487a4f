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
from tests.bench.order_file import VOID

FIRST_LINES = 1_000
HEADS = ("注文番号", "顧客ID", "注文日時", "商品コード", "商品名", "数量", "金額", "対応状況", "販売経路")
NAMED = "SELECT count(*), count(*) FILTER (customer_class = 'loyal') FROM read_parquet(?)"
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
    """Do the same work as a person would with pandas."""
    from tests.bench.with_pandas import summary

    home.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    people = summary(path, encoding, home)
    return {
        "seconds": time.perf_counter() - began,
        "customers": len(people),
        "loyal": int((people["class"] == "loyal").sum()),
    }


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
    prepare(store, folder, mapping=Mapping(), numbering=Numbering("bench", 1), earlier=[])
    checked = time.perf_counter()
    fixes = [folder / FIXES] if (folder / FIXES).exists() else []
    with store.duckdb() as backend:
        found = version.counted(backend, [folder / ROWS], fixes, version.Parts(), folder)
        counted = time.perf_counter()
        if found is None:
            raise RuntimeError("no order counts")
        people, loyal = backend.con.execute(NAMED, [str(folder / "summary.parquet")]).fetchall()[0]
        listing = time.perf_counter()
        version.write_list(backend, found[1], folder / "list.sqlite3", key=store.secret, as_of_is_set=False)
        listed = time.perf_counter()
    return {
        "seconds": counted - began,
        "check": checked - began,
        "count": counted - checked,
        "list": listed - listing,
        "customers": people,
        "loyal": loyal,
    }


ENGINES: dict[str, Callable[[Path, str, Path], dict[str, Any]]] = {"floor": floor, "pandas": pandas, "ours": ours}


def main(engine: str, path: Path, encoding: str, home: Path) -> dict[str, float]:
    """Return the seconds of the file, and those of the few rows before it."""
    first = path.with_name("first.csv")
    order_file.write(first, FIRST_LINES, encoding)
    began = time.perf_counter()
    ENGINES[engine](first, encoding, home)
    loaded = time.perf_counter() - began
    return ENGINES[engine](path, encoding, home) | {"first": loaded, "peak": peak_mb()}


def peak_mb() -> int:
    """Return the most memory that this process ever held, in MB; what `wait4` tells includes its parent's at the start."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    chosen, file, written_in, folder = sys.argv[1:]
    print(json.dumps(main(chosen, Path(file), written_in, Path(folder))))
