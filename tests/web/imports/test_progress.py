"""What a waiting, a working and a stopping import say of themselves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.purchases.import_queries import Counted
from app.purchases.import_schemas import ImportDetail, ImportRow, Mapping
from app.purchases.models import FileTable, ImportState
from app.web.imports.progress import Progress, progress_of

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
ROW = ImportRow(
    public_id="x", source="本店", file_name="a.csv", table=FileTable.ORDERS, state=ImportState.CHECKING, taken=0, known=0,
    held_back=0, created_at=NOW - timedelta(hours=1), finished_at=None,
)  # fmt: skip
DETAIL = ImportDetail(row=ROW, mapping=Mapping(), report=None, progress_done=0, progress_total=0)


def said(state: ImportState = ImportState.CHECKING, ahead: int = 0, **changes: object) -> Progress:
    detail = replace(DETAIL, row=replace(ROW, state=state), **changes)  # type: ignore[arg-type]  # fields of the detail
    return progress_of(detail, now=NOW, ahead=ahead, stopping=False, counted=Counted(2, 5_000))


def test_rows_and_seconds_give_speed_and_what_is_left() -> None:
    found = said(
        phase="reading", phase_started_at=NOW - timedelta(seconds=4), progress_done=400_000, progress_total=1_000_000
    )
    assert (found.percent, found.rows_per_second, found.seconds_left, found.seconds) == (40, 100_000, 6, 4)
    assert [(step.label, step.place) for step in found.steps] == [("Reading", "cur"), ("Checking", "next")]


def test_before_the_first_moment_no_speed_is_made_up() -> None:
    found = said(phase="reading", phase_started_at=NOW, progress_done=50_000, progress_total=1_000_000)
    assert found.percent == 5
    assert found.rows_per_second is None
    assert found.seconds_left is None


def test_a_guessed_total_is_said_in_three_digits() -> None:
    found = said(phase="reading", phase_started_at=NOW, progress_done=327_069, progress_total=1_380_960)
    assert found.about == 1_380_000
    assert said(phase="reading", progress_total=12).about == 12


def test_an_import_without_a_phase_waits_for_those_ahead() -> None:
    found = said(ahead=2)
    assert found.waits
    assert found.ahead == 2
    assert found.percent is None
    assert all(step.place == "next" for step in found.steps)


@pytest.mark.parametrize(("done", "left"), [(1_000_000, 0), (1_200_000, 0), (999_999, 1)])
def test_more_rows_than_were_guessed_never_make_less_than_nothing_left(done: int, left: int) -> None:
    found = said(
        phase="reading", phase_started_at=NOW - timedelta(seconds=4), progress_done=done, progress_total=1_000_000
    )
    assert found.percent is not None
    assert found.percent <= 100
    assert found.seconds_left == left


def test_the_phases_of_an_import_pass_one_by_one() -> None:
    found = said(ImportState.IMPORTING, phase="listing", phase_started_at=NOW)
    assert [step.place for step in found.steps] == ["past", "past", "cur"]
    assert found.number == 3
    assert [step.place for step in said(ImportState.UNDOING, phase="reading").steps] == ["cur", "next", "next", "next"]


def test_counting_names_what_it_goes_through_and_makes_up_no_rows() -> None:
    found = said(ImportState.IMPORTING, phase="counting", phase_started_at=NOW - timedelta(seconds=9))
    assert (found.number, found.counted) == (2, Counted(2, 5_000))
    assert (found.percent, found.rows_per_second, found.seconds_left) == (None, None, None)
    assert said(ImportState.IMPORTING, phase="listing", phase_started_at=NOW).counted is None
