"""Pages on the real server while a worker takes a file of a million lines, against the same pages before."""

import http.client
import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

from tests.bench.imports import n1
from tests.bench.pages import all_here, sign_in
from tests.support.browser import serving
from tests.support.forms import form_of
from tests.support.report import table
from tests.support.world import PASSWORD, World

HEADER = "注文番号,顧客ID,注文日,商品コード,商品名,数量,単価,対応状況,販売経路"
IDLE_ROUNDS, WARM_UP, LIMIT = 400, 30, 2.0
BOUNDARY = "n1-boundary-n1"
BUSY = ("checking", "importing")


@dataclass
class Times:
    """Milliseconds of each page before and during the import, and how long that took."""

    idle: dict[str, list[float]] = field(default_factory=dict)
    during: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    state: str = ""

    def worst(self) -> float:
        return max(p99(self.during[page]) / p99(self.idle[page]) for page in self.idle)

    @property
    def holds(self) -> bool:
        return self.state == "done" and self.worst() <= LIMIT


def p99(found: list[float]) -> float:
    return statistics.quantiles(found, n=100)[98]


def write_orders(path: Path, lines: int, *, seed: int, first: int = 0) -> None:
    """Write a file of order lines, about five and a half a customer."""
    rng = Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\n")
        for start in range(first, first + lines, 50_000):
            file.writelines(_line(rng, number, lines) for number in range(start, min(start + 50_000, first + lines)))


def _line(rng: Random, number: int, lines: int) -> str:
    day = f"20{23 + number % 3}-{1 + number % 12:02}-{1 + number * 7 % 28:02}"
    product = int(rng.random() * 400)
    return (
        f"{number // 2},{int(rng.random() * lines / 5.5)},{day},P{product:03},商品{product},{1 + number % 3},{500 + product * 10},"
        f"{'キャンセル' if number % 50 == 0 else '発送済み'},{'電話' if number % 4 == 0 else '自社EC'}\n"
    )


class Visitor:
    """One person with one connection that stays open."""

    def __init__(self, connection: http.client.HTTPConnection, cookie: dict[str, str]) -> None:
        self.connection = connection
        self.headers = cookie | {"Sec-Fetch-Site": "same-origin"}

    def get(self, path: str) -> tuple[float, str]:
        began = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        response = self.connection.getresponse()
        body = response.read()
        took = (time.perf_counter() - began) * 1000
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
        return took, body.decode("utf-8", "replace")

    def post(self, path: str, body: bytes | Iterator[bytes], kind: str, size: int) -> str:
        """Post a form; return where it leads."""
        headers = self.headers | {"Content-Type": kind, "Content-Length": str(size)}
        self.connection.request("POST", path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        if response.status != 303:
            raise RuntimeError(f"{path} answered {response.status}: {text[:300]}")
        return urlsplit(response.getheader("location", "")).path

    def send_form(self, path: str, pairs: list[tuple[str, str]]) -> str:
        body = urlencode(pairs).encode()
        return self.post(path, body, "application/x-www-form-urlencoded", len(body))

    def upload(self, file: Path, source: str) -> str:
        """Send a file as the upload page does; return the page of its import."""
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="source"\r\n\r\n{source}\r\n--{BOUNDARY}\r\n'
            f'Content-Disposition: form-data; name="file"; filename="{file.name}"\r\nContent-Type: text/csv\r\n\r\n'
        ).encode()
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        size = len(head) + file.stat().st_size + len(tail)
        return self.post(
            "/purchases/imports", _pieces(head, file, tail), f"multipart/form-data; boundary={BOUNDARY}", size
        )


def _pieces(head: bytes, file: Path, tail: bytes) -> Iterator[bytes]:
    yield head
    with file.open("rb") as opened:
        while block := opened.read(1 << 20):
            yield block
    yield tail


def state_of(home: Path, import_id: str) -> str:
    """Look into the app store, so that looking is no page."""
    with closing(sqlite3.connect(f"file:{home / 'app.sqlite3'}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT state FROM import_run WHERE public_id = ?", (import_id,)).fetchone()
    return str(found[0])


def pages(visitor: Visitor) -> dict[str, str]:
    """Return the pages that are timed: list, one customer, studies."""
    _, text = visitor.get("/purchases/customers")
    link = next(part.split('"')[0] for part in text.split('href="')[1:] if part.startswith("/purchases/customers/"))
    return {"customer list": "/purchases/customers", "one customer": urlsplit(link).path, "studies": "/studies"}


def fill(home: Path, folder: Path, lines: int) -> None:
    """Give a home customers of its own before anybody looks."""
    first = folder / "first.csv"
    write_orders(first, lines, seed=1, first=100 * lines)
    n1(home, "purchases", "import", str(first), "--source", "本店", "--yes", "--json")


def measure(world: World, folder: Path, *, lines: int, idle_rounds: int = IDLE_ROUNDS, warm_up: int = WARM_UP) -> Times:
    """Time a home's pages, take the big file in by the page, and time the pages until it is in."""
    folder.mkdir(parents=True, exist_ok=True)
    big, found = folder / "big.csv", Times()
    write_orders(big, lines, seed=2)
    with serving(world.settings, folder / "serve.log") as base:
        if warm_up and not all_here(world.settings.home):
            raise RuntimeError("the language process did not start")
        with closing(http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)) as connection:
            visitor = Visitor(connection, sign_in(connection, "admin", PASSWORD))
            paths = pages(visitor)
            found.idle = {name: [] for name in paths}
            for number in range(idle_rounds + warm_up):
                for name, path in paths.items():
                    took, _ = visitor.get(path)
                    if number >= warm_up:
                        found.idle[name].append(took)
            _import(visitor, world.settings.home, big, paths, found)
    return found


def _import(visitor: Visitor, home: Path, big: Path, paths: dict[str, str], found: Times) -> None:
    found.during = {name: [] for name in paths}
    place = visitor.upload(big, "モール")
    import_id = place.rsplit("/", 1)[-1]
    _, text = visitor.get(place)
    visitor.send_form(f"{place}/mapping", form_of(text, f"{import_id}/mapping"))
    began = time.perf_counter()
    _time_while_busy(visitor, home, import_id, paths, found)
    if state_of(home, import_id) == "checked":
        visitor.send_form(f"{place}/confirm", [])
        _time_while_busy(visitor, home, import_id, paths, found)
    found.seconds = time.perf_counter() - began
    found.state = state_of(home, import_id)


def _time_while_busy(visitor: Visitor, home: Path, import_id: str, paths: dict[str, str], found: Times) -> None:
    while state_of(home, import_id) in BUSY:
        for _ in range(5):
            for name, path in paths.items():
                found.during[name].append(visitor.get(path)[0])


def as_table(found: Times, lines: int) -> str:
    head = (
        f"`n1 serve` with its worker; a file of {lines:,} lines goes in by the page: upload, columns, check, go. Pages from check to "
        f"end ({found.seconds:.1f} s, {found.state}), against the same pages before; one keep-alive connection.\n\n"
    )
    rows: list[tuple[object, ...]] = []
    for name, idle in found.idle.items():
        busy = found.during[name]
        cells = [f"{value:.1f}" for value in (statistics.median(idle), p99(idle), statistics.median(busy), p99(busy))]
        rows.append((name, *cells, f"{p99(busy) / p99(idle):.2f}", len(busy)))
    columns = ("page", "idle p50 ms", "idle p99 ms", "during p50 ms", "during p99 ms", "p99 ratio", "requests during")
    return head + table(columns, rows)
