"""Reads of scores and layers: counted once for each build and kept, because a build never changes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from app.purchases.builds import Build, build_of, peopled
from app.purchases.figures import list_file
from app.purchases.schemas import Overview
from app.purchases.scoring import answers, preview, score_tables, standing, type_tables
from app.purchases.scoring.cutoffs import OTHER, Cutoffs
from app.purchases.scoring.models import LayerSurvey
from app.purchases.scoring.schemas import Layers, Past, Preview, Scores, SurveyNumbers
from app.purchases.segments_file import Numbers, in_force
from app.purchases.store import files_of_a_build

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

    from app.purchases.store import OrdersStore

KEPT = 8


def read_scores(session: Session, store: "OrdersStore") -> Scores | None:
    """Return R, F, M and deciles; None while there are no orders of known customers.

    Raises:
        NotCounted: the build in use was made by an earlier version of the program.
    """
    build = peopled(session, store)
    return None if build is None else _scores(build, in_force(session).cutoffs)


def sources_by_currency(overview: Overview) -> Mapping[str, tuple[str, ...]]:
    """Return the sources of each currency."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in overview.sources:
        found[one.currency].append(one.source)
    return {currency: tuple(names) for currency, names in found.items()}


def listed(build: Build) -> tuple[Overview, Past]:
    """Return what the build's list says of the shop, and how the share who came back is measured in it."""
    with build.store.open_list(build.version) as connection:
        return list_file.read_overview(connection), standing.past_of(list_file.read_table(connection))


@contextmanager
def opened(build: Build, overview: Overview, past: Past) -> "Iterator[Backend]":
    """Yield a backend with `people`, `orders`, `limits` and, where it is measured, `stood`."""
    store, version = build.store, build.version
    with store.duckdb() as backend, files_of_a_build():
        standing.view(backend.con, "people", store.summary_path(version))
        standing.view(backend.con, "orders", store.orders_path(version))
        standing.take_limits(backend.con, overview.sources)
        if past.measured:
            standing.view(backend.con, "lines", store.lines_path(version))
            standing.take_stood(backend, store.ends_path(version), past, overview.as_of)
        yield backend


@lru_cache(maxsize=KEPT)
def _scores(build: Build, cutoffs: Cutoffs) -> Scores:
    overview, past = listed(build)
    with opened(build, overview, past) as backend:
        return Scores(
            as_of=overview.as_of,
            customers=overview.customers,
            past=past,
            points=score_tables.by_points(backend.con, measured=past.measured),
            ranks=score_tables.by_cutoffs(backend.con, cutoffs, measured=past.measured),
            cutoffs=cutoffs,
            deciles=score_tables.deciles(backend.con),
            sources=sources_by_currency(overview),
        )


def read_layers(session: Session, store: "OrdersStore") -> Layers | None:
    """Return types, pyramid and map with the surveys that were typed in; None while there are no orders of known customers.

    Raises:
        NotCounted: the build in use was made by an earlier version of the program.
    """
    build = peopled(session, store)
    return None if build is None else replace(_layers(build), surveys=surveys(session))


def surveys(session: Session) -> tuple[SurveyNumbers, ...]:
    """Return the surveys that were typed in, the newest first."""
    there = select(LayerSurvey).where(col(LayerSurvey.deleted_at).is_(None))
    rows = session.scalars(there.order_by(col(LayerSurvey.surveyed_on).desc(), col(LayerSurvey.id).desc()))
    return tuple(
        SurveyNumbers(row.public_id, row.name, row.surveyed_on, row.asked, row.aware, row.unaware, row.aware_wanting)
        for row in rows
    )


def taken_off(session: Session, survey_id: str) -> bool:
    """Return whether this is a survey that was taken off and can be brought back."""
    found = session.scalar(select(LayerSurvey).where(col(LayerSurvey.public_id) == survey_id))
    return found is not None and found.deleted_at is not None


@lru_cache(maxsize=KEPT)
def _layers(build: Build) -> Layers:
    overview, past = listed(build)
    with opened(build, overview, past) as backend:
        types = type_tables.ten_cells(backend.con, measured=past.measured)
        path = build.store.answers_path(build.version)
        answers.take(backend.con, path)
        said, later = answers.by_class(backend.con), answers.later(backend.con, path)
    return Layers(
        as_of=overview.as_of,
        customers=overview.customers,
        amount=overview.amount,
        past=past,
        types=types,
        layers=type_tables.layers(overview.classes, said),
        super_loyal=overview.super_loyal,
        segments=overview.segments,
        answers_later=later,
    )


def read_preview(session: Session, store: "OrdersStore", *, numbers: Numbers) -> Preview | None:
    """Return who would move with these numbers; None while there are no orders. A second or two for a million customers.

    Raises:
        NotCounted: the build in use was made by an earlier version of the program.
    """
    build = build_of(session, store)
    return None if build is None else preview.count(build, in_force(session).cutoffs, numbers)


def currencies(overview: Overview | None, cutoffs: Cutoffs) -> tuple[str, ...]:
    """Return the currencies whose limits can be set: those of the data, else those that have limits."""
    there = dict.fromkeys(one.currency for one in overview.sources) if overview else {}
    return tuple(there) or tuple(code for code, _ in cutoffs.amount if code != OTHER)
