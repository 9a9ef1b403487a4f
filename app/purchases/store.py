"""Where orders lie: folders, the lock, the key behind customer references, DuckDB with its limits, safe file swaps."""

import base64
import fcntl
import hashlib
import hmac
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.settings import Settings
from app.purchases.builds import NotCounted
from app.purchases.figures.sorted_lines import read_customer

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from ibis.backends.duckdb import Backend

LIST = "list.sqlite3"
GONE = ("No files found", "No such file")
"""What DuckDB says of a file that is not there."""
COMMAND_MARK = "command.lock"  # among an upload: it is the work of a command, which holds the lock while it lives


class OrdersStore:
    """The orders store of one installation. Cheap to make; DuckDB is opened per piece of work."""

    def __init__(self, settings: Settings) -> None:
        """Bind to the installation's home; no file is touched yet."""
        self.settings = settings
        self.orders_dir = settings.orders_dir
        self.contacts_dir = settings.home / "contacts"
        self.uploads_dir = settings.uploads_dir

    @cached_property
    def secret(self) -> bytes:
        """Return the home's random key; made once, readable by its owner only."""
        path = self.settings.secret_path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make_key(path)
        return path.read_bytes()

    def customer_ref(self, source: str, customer_id: str) -> str:
        """Return the id of a customer that stands in URLs; the same in every import, useless without the key."""
        digest = hmac.digest(self.secret, f"{source}\0{customer_id}".encode(), hashlib.sha256)
        return base64.b32encode(digest[:10]).decode("ascii").lower()

    def upload_dir(self, public_id: str) -> Path:
        """Return the folder of a file on its way in."""
        return self.uploads_dir / public_id

    def rows_path(self, public_id: str) -> Path:
        """Return the order rows of an import in the manifest."""
        return self.orders_dir / f"{public_id}.parquet"

    def fixes_path(self, public_id: str) -> Path:
        """Return what the whole file told of rows of an import; there may be none."""
        return self.orders_dir / f"{public_id}.fixes.parquet"

    def contacts_path(self, public_id: str) -> Path:
        """Return the contact data of an import; only `purchases.contacts` reads it."""
        return self.contacts_dir / f"{public_id}.parquet"

    def held_path(self, public_id: str) -> Path:
        """Return the held-back rows of an import as the file wrote them; they may hold contact data."""
        return self.contacts_dir / f"{public_id}.held.csv"

    def attributes_path(self, public_id: str) -> Path:
        """Return the attributes of members that an import brought; one row without a name for each member."""
        return self.orders_dir / f"attributes-{public_id}.parquet"

    def lines_path(self, version: str) -> Path:
        """Return the order lines of one built summary, sorted by customer."""
        return self.orders_dir / f"lines-{version}.parquet"

    def orders_path(self, version: str) -> Path:
        """Return the orders that count of one build, numbered within their customer; builds from before have none."""
        return self.orders_dir / f"orders-{version}.parquet"

    def summary_path(self, version: str) -> Path:
        """Return the customer summary of one build as Parquet."""
        return self.orders_dir / f"summary-{version}.parquet"

    def list_path(self, version: str) -> Path:
        """Return the indexed file that pages list from."""
        return self.orders_dir / f"list-{version}.sqlite3"

    def products_path(self, public_id: str) -> Path:
        """Return the products of an import in the manifest."""
        return self.orders_dir / f"{public_id}.products.parquet"

    def subscriptions_path(self, public_id: str) -> Path:
        """Return the subscriptions of an import in the manifest."""
        return self.orders_dir / f"{public_id}.subscriptions.parquet"

    def events_path(self, public_id: str) -> Path:
        """Return the events of an import in the manifest; their notes may hold personal data."""
        return self.contacts_dir / f"{public_id}.events.parquet"

    def surveys_path(self, public_id: str) -> Path:
        """Return the survey answers of an import in the manifest."""
        return self.orders_dir / f"{public_id}.surveys.parquet"

    def ends_path(self, version: str) -> Path:
        """Return the state of every subscription of one build, sorted by customer."""
        return self.orders_dir / f"ends-{version}.parquet"

    def lasting_path(self, version: str) -> Path:
        """Return the days that one piece of each product lasts, as they were set for one build."""
        return self.orders_dir / f"lasting-{version}.parquet"

    def answers_path(self, version: str) -> Path:
        """Return the newest survey answer of every customer, as one build has them."""
        return self.orders_dir / f"answers-{version}.parquet"

    def moved_path(self, version: str) -> Path:
        """Return who moved with one build against the build before it."""
        return self.orders_dir / f"moved-{version}.parquet"

    def merges_path(self, version: str) -> Path:
        """Return who counts as whom in one build."""
        return self.orders_dir / f"merges-{version}.parquet"

    def built(self, version: str) -> dict[str, Path]:
        """Return the files that make a build, by their names while it is made; with the list, the last, it is there."""
        named = ("lines", "orders", "summary", "ends", "lasting", "merges", "moved", "answers")
        files = {f"{name}.parquet": self.orders_dir / f"{name}-{version}.parquet" for name in named}
        return files | {"brought.json": self.brought_path(version), LIST: self.list_path(version)}

    def returns_path(self, version: str) -> Path:
        """Return who comes back of one build, counted in the background after it."""
        return self.orders_dir / f"returns-{version}.parquet"

    def standing_path(self, version: str, day: date) -> Path:
        """Return class and type of everybody on another day than that of the build, counted when first asked for."""
        return self.orders_dir / f"standing-{version}-{day}.parquet"

    def standing_paths(self, version: str) -> list[Path]:
        """Return the files of those days that are there."""
        return list(self.orders_dir.glob(f"standing-{version}-*.parquet"))

    def seen_path(self, version: str) -> Path:
        """Return the products seen in the orders of one build, counted when first asked for."""
        return self.orders_dir / f"seen-{version}.json"

    def brought_path(self, version: str) -> Path:
        """Return what each import contributes to one build."""
        return self.orders_dir / f"brought-{version}.json"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the one lock of this home: imports, undos and rebuilds wait for each other."""
        self.orders_dir.mkdir(parents=True, exist_ok=True)
        with (self.orders_dir / ".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def upload_lock(self, public_id: str) -> Iterator[None]:
        """Hold the lock of one upload: two workers asked for the same check do it one after the other."""
        folder = self.upload_dir(public_id)
        if not folder.is_dir():
            yield
            return
        with (folder / ".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def abandoned(self, public_id: str) -> bool:
        """Return whether a command began this import and did not live to finish it."""
        return _unheld(self.upload_dir(public_id) / COMMAND_MARK)

    def nobody_checks(self, public_id: str) -> bool:
        """Return whether no process is checking an upload whose check has begun."""
        return _unheld(self.upload_dir(public_id) / ".lock")

    def nobody_builds(self) -> bool:
        """Return whether no process is at an import, an undo or a rebuild."""
        return _unheld(self.orders_dir / ".lock")

    @contextmanager
    def duckdb(self) -> Iterator["Backend"]:
        """Yield an Ibis backend over an in-memory DuckDB with this installation's limits."""
        import ibis

        spill = self.orders_dir / ".spill"
        spill.mkdir(parents=True, exist_ok=True)
        backend = ibis.duckdb.connect(**self._limits(spill))
        try:
            yield backend
        finally:
            backend.disconnect()

    @contextmanager
    def plain_duckdb(self) -> Iterator["DuckDBPyConnection"]:
        """Yield an in-memory DuckDB with this installation's limits, without Ibis, which takes a second to load.

        Raises:
            NotCounted: a file that was to be read is not there: newer figures took the place of its build.
        """
        import duckdb

        spill = self.orders_dir / ".spill"
        spill.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(config=self._limits(spill)) as connection, files_of_a_build():
            yield connection

    def _limits(self, spill: Path) -> dict[str, str | bool | int | float | list[str]]:
        return {
            "memory_limit": self.settings.duckdb_memory,
            "threads": self.settings.duckdb_threads,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        }

    @contextmanager
    def open_list(self, version: str) -> Iterator[sqlite3.Connection]:
        """Yield the list file of a version, read-only.

        Raises:
            NotCounted: it is not there: newer figures took the place of that build.
        """
        uri = f"{self.list_path(version).resolve().as_uri()}?mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(uri, uri=True)
        except sqlite3.OperationalError as fault:
            raise NotCounted from fault
        try:
            yield connection
        finally:
            connection.close()

    def customer_lines(
        self, version: str, source: str, customer_id: str, columns: Sequence[str]
    ) -> list[tuple[Any, ...]]:
        """Return one customer's order lines; the file is sorted by customer, so only a few pages of it are read."""
        return read_customer(self.lines_path(version), source, customer_id, columns)

    def drop_upload(self, public_id: str) -> None:
        """Delete an uploaded original and everything made from it before import."""
        shutil.rmtree(self.upload_dir(public_id), ignore_errors=True)

    def sweep(self, *, imports: Iterable[str], version: str, before: str = "") -> None:
        """Delete files that neither the manifest nor a build in use names. Call it inside `lock()`.

        The build `before` stays until the next one: pages compare with it, and one that has just looked up its name may still
        be about to open it.
        """
        paths = (
            self.rows_path, self.fixes_path, self.contacts_path, self.held_path, self.products_path, self.subscriptions_path,
            self.events_path, self.attributes_path, self.surveys_path,
        )  # fmt: skip
        keep = {path(name) for name in imports for path in paths}
        for build in filter(None, (version, before if version else "")):
            keep |= {*self.built(build).values(), self.seen_path(build), self.returns_path(build)}
            keep |= set(self.standing_paths(build))
        for folder in (self.orders_dir, self.contacts_dir):
            for path in folder.glob("*.*") if folder.is_dir() else ():
                if path.is_file() and path not in keep and not path.name.startswith("."):
                    path.unlink(missing_ok=True)

    def sweep_uploads(self, waiting: Collection[str], *, ended: Collection[str], before: datetime) -> None:
        """Delete what stopped processes left among the uploads. Call it inside `lock()`: no build is under way then.

        Uploads of `ended` imports go at once; names nobody knows may be files still on their way in, and go once they are old.
        """
        for path in self.uploads_dir.iterdir() if self.uploads_dir.is_dir() else ():
            with suppress(FileNotFoundError):  # an upload may end, and take its file away, at any moment
                old = path.name not in waiting and path.stat().st_mtime < before.timestamp()
                if path.name.startswith("build-") or path.name in ended or old:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def files_of_a_build() -> Iterator[None]:
    """Say what it means that a file of a build is not there when it is to be read.

    Raises:
        NotCounted: newer figures took the place of that build, or it was made before such files were.
    """
    import duckdb

    try:
        yield
    except FileNotFoundError as fault:
        raise NotCounted from fault
    except duckdb.IOException as fault:
        if any(said in str(fault) for said in GONE):
            raise NotCounted from fault
        raise


def _make_key(path: Path) -> None:
    """Put a random key at `path` unless somebody else did meanwhile; nobody ever reads half of one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def _unheld(lock: Path) -> bool:
    """Return whether a lock file is there and nobody holds it: locks go with the process that took them."""
    if not lock.exists():
        return False
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def settle(temporary: Path, final: Path) -> None:
    """Make a finished temporary file durable under its final name."""
    final.parent.mkdir(parents=True, exist_ok=True)
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
