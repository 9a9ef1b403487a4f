"""What says nothing: fillers, greetings and back-channels put together in any way, however often."""

import time

import pytest

from app.language.schemas import SentenceInput
from app.language.tagger import says_nothing


@pytest.mark.parametrize(
    "text", ["そうですね。", "はい、はい、どうぞ。", "えーと、なんだろう…", "そうそうそうですよね", "あははは", "　"]
)
def test_fillers_say_nothing(text: str) -> None:
    assert says_nothing(SentenceInput(text=text))


@pytest.mark.parametrize("text", ["そうですね、母からです。", "はいって言いました", "な"])
def test_anything_else_says_something(text: str) -> None:
    assert not says_nothing(SentenceInput(text=text))


@pytest.mark.parametrize("unit", ["そうですね", "いえいえ", "ですよね", "そうそう"])
def test_a_filler_said_a_thousand_times_takes_no_time(unit: str) -> None:
    began = time.perf_counter()
    assert says_nothing(SentenceInput(text=unit * 1_000))
    assert not says_nothing(SentenceInput(text=f"{unit * 1_000}母から"))
    assert time.perf_counter() - began < 1
