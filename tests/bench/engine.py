"""From a line-level CSV to summary and classes: ours beside DuckDB's bare scan and pandas; and the list at that size."""

import http.client
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from app.core.settings import Settings
from tests.bench import order_file
from tests.bench.imports import n1
from tests.bench.pages import all_here, sign_in, times
from tests.support.browser import serving
from tests.support.report import ROOT, table

SIZES = "1000000,10000000"
ROUNDS = 3
SORTS = ("last_order_on", "amount", "orders", "first_order_on")
FILTERS = ("", "customer_class=loyal", "purchase_type=budding", "elapsed=over", "customer_class=lapsed&count=2")


def measure(folder: Path) -> str:
    """Return the tables of all sizes of N1_BENCH_LINES (rows, separated by commas)."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = [int(size) for size in os.environ.get("N1_BENCH_LINES", SIZES).split(",")]
    rows: list[tuple[object, ...]] = []
    for size in sizes:
        for encoding in ("utf-8", "cp932"):
            path = folder / f"orders-{size}-{encoding}.csv"
            order_file.write(path, size, encoding)
            rows += _compared(path, size, encoding)
            if (size, encoding) != (max(sizes), "utf-8"):
                path.unlink()
    head = (
        f"Line-level CSV, nine columns, to customer summary and classes; medians of {ROUNDS} processes that have "
        "taken in a file of a thousand rows before (`first`: what that took, loading libraries included). Floor: DuckDB's "
        "typed scan and filter, which reads no CP932.\n\n"
    )
    columns = (
        "rows", "encoding", "MB", "engine", "seconds", "of it check", "of it figures", "then list", "first", "customers", "of them loyal", "peak MB",
        "against pandas", "against floor",
    )  # fmt: skip
    return head + table(columns, rows) + "\n\n" + pages(folder, folder / f"orders-{max(sizes)}-utf-8.csv")


def _compared(path: Path, size: int, encoding: str) -> list[tuple[object, ...]]:
    engines = ("floor", "pandas", "ours") if encoding == "utf-8" else ("pandas", "ours")
    found = {name: _measured(name, path, encoding) for name in engines}
    for count in ("customers", "loyal"):
        if found["pandas"][count] != found["ours"][count]:
            raise RuntimeError(f"pandas and ours differ in {count}")
    rows = []
    for name, one in found.items():
        seconds = one["seconds"]
        floor = found.get("floor")
        rows.append(
            (
                f"{size:,}", encoding, round(path.stat().st_size / 1e6), name, f"{seconds:.2f}",
                *(f"{one[part]:.2f}" if part in one else "" for part in ("check", "count", "list", "first")),
                *(f"{one[part]:,.0f}" if part in one else "" for part in ("customers", "loyal", "peak")),
                f"{found['pandas']['seconds'] / seconds:.1f} ×",
                f"{seconds / floor['seconds']:.1f} ×" if floor else "",
            )
        )  # fmt: skip
    return rows


def _measured(engine: str, path: Path, encoding: str) -> dict[str, float]:
    """Return the medians of one engine over one file: seconds by part, counts, peak memory of its process in MB."""
    runs = [_run(engine, path, encoding) for _ in range(ROUNDS)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _run(engine: str, path: Path, encoding: str) -> dict[str, float]:
    output, home = path.parent / "run.out", path.parent / "home"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("N1_")}
    arguments = (sys.executable, "-m", "tests.bench.engine_run", engine, str(path), encoding, str(home))
    with output.open("wb") as out:
        subprocess.run(arguments, cwd=ROOT, env=environment, stdout=out, check=True)
    found: dict[str, float] = json.loads(output.read_text(encoding="utf-8"))
    return found


def pages(folder: Path, path: Path) -> str:
    """Return the times of the customer list on the running server, with the customers of one order file."""
    home = folder / "shop"
    n1(home, "db", "upgrade")
    _, seconds, memory = n1(home, "purchases", "import", str(path), "--source", "bench", "--yes", "--json")
    text, _, _ = n1(home, "users", "create", "bench", "--name", "bench", "--role", "admin", "--json")
    rows: list[tuple[object, ...]] = []
    with serving(Settings(home=home), folder / "serve.log") as base:
        if not all_here(home):
            raise RuntimeError("the language process did not start")
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
        headers = sign_in(connection, "bench", json.loads(text)["password"])
        for chosen in FILTERS:
            for sort in (name for key in SORTS for name in (key, f"{key}_up")):
                rows += [_page(connection, headers, chosen, sort, last) for last in ("", "1")]
        connection.close()
    head = f"The whole import of this file through the command line: {seconds:.1f} s, peak {memory} MB. Then the customer list:\n\n"
    return head + table(("filter", "sort", "page", "p50 ms", "p99 ms", "slowest ms"), rows)


def _page(
    connection: http.client.HTTPConnection, headers: dict[str, str], chosen: str, sort: str, last: str
) -> tuple[object, ...]:
    found, _ = times(connection, f"/purchases/customers?{chosen}&sort={sort}&last={last}", headers, rounds=100)
    cuts = statistics.quantiles(found, n=100)
    return (
        chosen or "none", sort, "last" if last else "first", f"{statistics.median(found):.1f}", f"{cuts[98]:.1f}",
        f"{max(found):.1f}",
    )  # fmt: skip
