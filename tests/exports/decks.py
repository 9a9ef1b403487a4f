"""Reads a deck back: texts, runs, shapes, and whether a text fits its box."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Emu

from app.exports.deck.fit import height, line_count


@dataclass(frozen=True)
class Placed:
    """A text frame with its place in points and the room it has."""

    slide: int
    paragraphs: tuple[tuple[str, float], ...]
    x: float
    y: float
    width: float
    height: float
    wraps: bool

    @property
    def needed(self) -> float:
        return sum(
            height(line_count(text, size=size, width=self.width), size) for text, size in self.paragraphs if text
        )


def opened(content: bytes) -> Any:
    return Presentation(BytesIO(content))


def frames(content: bytes) -> Iterator[Placed]:
    """Yield every text box and every table row's cells with their room."""
    for number, slide in enumerate(opened(content).slides, start=1):
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                yield placed(number, shape.text_frame, (shape.left, shape.top, shape.width, shape.height))
            if getattr(shape, "has_table", False):
                yield from cells(number, shape)


def cells(number: int, shape: Any) -> Iterator[Placed]:
    top = shape.top
    for row in shape.table.rows:
        left = shape.left
        for column, cell in zip(shape.table.columns, row.cells, strict=True):
            sides = cell.margin_left + cell.margin_right
            room = row.height - cell.margin_top - cell.margin_bottom
            yield placed(number, cell.text_frame, (left, top, column.width - sides, room))
            left += column.width
        top += row.height


def placed(number: int, frame: Any, corners: tuple[int, int, int, int]) -> Placed:
    paragraphs = tuple(
        ("".join(run.text for run in paragraph.runs), max((run.font.size.pt for run in paragraph.runs), default=0))
        for paragraph in frame.paragraphs
    )
    x, y, width, tall = (Emu(part).pt for part in corners)
    return Placed(number, paragraphs, x, y, width, tall, wraps=frame.word_wrap is not False)


def runs(content: bytes) -> Iterator[Any]:
    """Yield every run's element, in text boxes, shapes and table cells."""
    for slide in opened(content).slides:
        yield from slide._element.iter(qn("a:r"))


def texts(content: bytes) -> str:
    """Return all text of a deck, slide by slide."""
    return "\n".join(
        "".join(run.text or "" for run in slide._element.iter(qn("a:t"))) for slide in opened(content).slides
    )
