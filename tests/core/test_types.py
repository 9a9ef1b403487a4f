from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from sqlalchemy.dialects import postgresql, sqlite

from app.core.types import CleanText, UtcDateTime, new_public_id

JST = timezone(timedelta(hours=9))


class Note(BaseModel):
    text: CleanText


def test_public_ids_are_short_lower_case_and_do_not_repeat():
    ids = {new_public_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert all(len(one) == 12 and one.isalnum() and one == one.lower() for one in ids)


@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_clean_text_comes_back_unchanged(text: str):
    assert Note(text=text).text == text


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800", "髙\udfff"])
def test_text_that_no_database_can_hold_is_refused(bad: str):
    with pytest.raises(ValidationError):
        Note(text=bad)


def test_moments_keep_their_instant_on_sqlite():
    kind, moment = UtcDateTime(), datetime(2026, 11, 20, 9, 0, tzinfo=JST)
    stored = kind.process_bind_param(moment, sqlite.dialect())
    assert stored == datetime(2026, 11, 20, 0, 0)  # noqa: DTZ001 - what SQLite stores
    assert kind.process_result_value(stored, sqlite.dialect()) == moment


def test_moments_stay_aware_on_postgresql():
    stored = UtcDateTime().process_bind_param(datetime(2026, 11, 20, 9, 0, tzinfo=JST), postgresql.dialect())
    assert stored == datetime(2026, 11, 20, 0, 0, tzinfo=UTC)


def test_naive_moments_are_refused():
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 20), sqlite.dialect())  # noqa: DTZ001 - the point
