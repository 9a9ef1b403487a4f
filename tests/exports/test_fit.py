from hypothesis import given
from hypothesis import strategies as st

from app.exports.deck.fit import clean, cut, fair_shares, line_count, shorten, text_width, wrap

WORDS = st.text(alphabet=st.sampled_from("あ漢、。「」aAmW1 -ーｱ"), max_size=200)


@given(WORDS, st.floats(min_value=30, max_value=600))
def test_no_line_is_wider_than_the_box_and_nothing_is_lost(text: str, width: float):
    lines = wrap(text, size=12, width=width)
    assert all(text_width(line.strip(), 12) <= max(width, 12) for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(WORDS, st.integers(min_value=1, max_value=5))
def test_a_cut_text_comes_in_parts_that_fit(text: str, lines: int):
    parts = cut(text, size=12, width=100, lines=lines)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")
    assert all(line_count(part, size=12, width=100) <= lines for part in parts)


@given(WORDS, st.integers(min_value=1, max_value=4))
def test_a_shortened_text_fits_and_says_that_it_goes_on(text: str, lines: int):
    short = shorten(text, size=12, width=100, lines=lines)
    assert line_count(short, size=12, width=100) <= lines
    assert short == text or short.endswith("…")


@given(st.lists(st.integers(min_value=0, max_value=40), max_size=6), st.integers(min_value=0, max_value=60))
def test_rows_share_the_room_and_take_no_more_than_they_want(wanted: list[int], room: int):
    given_lines = fair_shares(wanted, room)
    assert sum(given_lines) == min(room, sum(wanted))
    assert all(got <= want for got, want in zip(given_lines, wanted, strict=True))


@given(st.text())
def test_clean_text_can_be_written_to_a_file(text: str):
    assert clean(text).encode("utf-8").decode("utf-8") == clean(text)
