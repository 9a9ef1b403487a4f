"""What a test needs from the machine and may not find: skipped with a reason, or failed where CI is set."""

import os
from typing import NoReturn

import pytest

ABSENT: set[str] = set()


def need(name: str) -> NoReturn:
    """Skip the test because `name` is absent; fail instead under CI."""
    ABSENT.add(name)
    if os.environ.get("CI"):
        pytest.fail(f"{name} is absent, and CI must run everything", pytrace=False)
    pytest.skip(f"{name} is absent")
