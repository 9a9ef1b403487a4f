import logging
import sys

from app.core.logging import FORMAT, QuietFormatter

NAME, MAIL = "山田花子", "hanako@example.jp"


def test_a_fault_is_logged_with_its_place_and_without_its_words() -> None:
    try:
        try:
            int(NAME)
        except ValueError as cause:
            raise RuntimeError(MAIL) from cause
    except RuntimeError:
        record = logging.LogRecord("app", logging.ERROR, __file__, 1, "request %s failed", ("1f",), sys.exc_info())
    text = QuietFormatter(FORMAT).format(record)
    for part in ("request 1f failed", "test_logging.py", "ValueError", "RuntimeError"):
        assert part in text
    assert NAME not in text
    assert MAIL not in text
