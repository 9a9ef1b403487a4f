"""Counting who comes back, after a build: the pages of the build do not wait for it."""

from pathlib import Path

from sqlmodel import Session

from app.core.database import read_session
from app.jobs.schemas import JobServices
from app.purchases.builds import version_in_use
from app.purchases.figures import list_file
from app.purchases.store import OrdersStore, settle

JOB = "purchases.returns"


def unfinished_jobs(session: Session, store: OrdersStore) -> list[tuple[str, str]]:
    """Return the job where the build in use has no figures of who comes back, else nothing."""
    return [(JOB, "")] if waiting(session, store) else []


def waiting(session: Session, store: OrdersStore) -> str:
    """Return the build in use where its figures of who comes back can be counted and are not; else nothing."""
    version = version_in_use(session)
    there = version and store.orders_path(version).exists() and not store.returns_path(version).exists()
    return version if there else ""


def failed(session: Session, store: OrdersStore) -> bool:
    """Return whether counting for the build in use broke off."""
    version = waiting(session, store)
    return bool(version) and _failure(store, version).exists()


def forget_failure(session: Session, store: OrdersStore) -> None:
    """Take the mark of a count that broke off away: it is asked for once more."""
    version = waiting(session, store)
    if version:
        _failure(store, version).unlink(missing_ok=True)


def _failure(store: OrdersStore, version: str) -> Path:
    """Return the mark of a count that broke off; it goes when the files of the build go."""
    return store.returns_path(version).with_suffix(".failed")


def run_returns(services: JobServices, public_id: str = "") -> None:
    """Count who comes back for the build in use and keep it beside it; a killed run leaves nothing that is read, one that breaks off a mark.

    Builds may come and go meanwhile: the store's lock is held for the writing only.
    """
    from app.purchases.returning import kept

    del public_id
    store: OrdersStore = services.orders
    version = _waiting(services)
    if not version:
        return
    try:
        with store.open_list(version) as listed:
            day, until = list_file.read_as_of(listed), list_file.read_observed_until(listed)
        with store.duckdb() as backend:
            past = kept.look_back(backend, store.lines_path(version), until)
        table = kept.count(store.orders_path(version), day, past, known_until=until)
    except Exception:  # SQLite, DuckDB and the file system each have a word of their own for a file that is gone
        if _waiting(services) == version:
            _failure(store, version).touch()
            raise
        return  # another build took its place, and its files are gone
    with store.lock():
        if _waiting(services) == version:
            unfinished = store.returns_path(version).with_suffix(".part")
            kept.write(table, unfinished)
            settle(unfinished, store.returns_path(version))
            _failure(store, version).unlink(missing_ok=True)


def _waiting(services: JobServices) -> str:
    with read_session(services.engine) as session:
        return waiting(session, services.orders)
