"""Logs for operators: what happened and where, never who said what."""

import logging
import sys
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class QuietFormatter(logging.Formatter):
    """Says where a fault happened and of what kind it is; its message may quote what somebody wrote."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what another handler has made of the fault before is not used."""
        record.exc_text = None
        return super().format(record)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's own name
        """Return the frames of a fault and of those behind it, without their messages."""
        parts: list[str] = []
        fault = ei[1]
        while fault is not None:
            parts.append("".join(traceback.format_tb(fault.__traceback__)) + type(fault).__qualname__)
            fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
        return "\nwhile handling\n".join(parts)


def set_up_logging(*, level: int = logging.INFO) -> None:
    """Send the product's log lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(QuietFormatter(FORMAT))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("huey").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def one_line(value: object) -> str:
    """Return text that cannot start a log line of its own."""
    return str(value).encode("unicode_escape").decode("ascii")
