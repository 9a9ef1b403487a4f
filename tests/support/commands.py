"""Runs `n1` in this process: a process of its own spends two seconds on being started."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

import app.__main__  # noqa: F401 - wires the commands
from app.cli import common
from app.cli.app import app as n1
from app.cli.edge import run


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@contextmanager
def command_line(home: Path, *, locale: str) -> Iterator[Command]:
    """Yield a function that runs a command on a home, with nobody at the keyboard."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("N1_HOME", str(home))
        patch.setenv("N1_LOCALE", locale)
        forget()

        def command(*words: str) -> Done:
            out, err = io.StringIO(), io.StringIO()
            patch.setattr(sys, "argv", ["n1", *words])
            patch.setattr(sys, "stdin", io.StringIO())
            code: object = 0
            with redirect_stdout(out), redirect_stderr(err):
                try:
                    run(n1)
                except SystemExit as ended:
                    code = ended.code
            return Done(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())

        yield command
        if common.parts.cache_info().currsize:
            common.parts().engine.dispose()
        forget()


def forget() -> None:
    """Let the next command find its settings and parts anew."""
    for cached in (common.settings, common.parts):
        cached.cache_clear()
