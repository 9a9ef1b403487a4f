"""The demo says that it runs only once it does."""

import socket

import pytest

from app.cli import demo
from app.core.settings import Settings
from tests.support.browser import running
from tests.support.world import World


def test_nothing_is_said_while_nobody_answers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(demo, "TRIES", 2)
    monkeypatch.setattr(demo, "PAUSE_SECONDS", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, never listening: every connection is refused
        demo.announce(Settings(port=taken.getsockname()[1]), "it runs")
    assert capsys.readouterr().out == ""


def test_it_is_said_once_the_server_answers(demo_world: World, capsys: pytest.CaptureFixture[str]):
    with running(demo_world.app()) as base:
        demo.announce(Settings(port=int(base.rsplit(":", 1)[1])), "it runs")
    assert capsys.readouterr().out == "it runs\n"
