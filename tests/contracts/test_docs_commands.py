"""Commands that the page of the three shops names are there, with their options."""

import shlex

import click
import pytest
import typer.main

from app.cli.app import app
from tests.contracts.source import ROOT

PAGE = (ROOT / "docs" / "shops.md").read_text(encoding="utf-8")
COMMANDS = sorted({line for line in PAGE.splitlines() if line.startswith("n1 ")})


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_page_is_understood(line: str) -> None:
    command, words = typer.main.get_command(app), shlex.split(line)[1:]
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_context(command.name, words)
