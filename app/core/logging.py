"""Logs for operators: what happened and where, never who said what."""

import logging
import sys

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def set_up_logging(*, level: int = logging.INFO) -> None:
    """Send the product's log lines to standard error."""
    logging.basicConfig(level=level, format=FORMAT, stream=sys.stderr, force=True)
    logging.getLogger("huey").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def one_line(value: object) -> str:
    """Return text that cannot start a log line of its own."""
    return str(value).encode("unicode_escape").decode("ascii")
