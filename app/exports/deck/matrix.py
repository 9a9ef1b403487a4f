"""The journey of one person as native tables: stages in columns, touchpoint, action, thought and emotion in rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.boards.schemas import Cell, Row, StageColumn, StageStatus
from app.boards.wording import ROW_LABELS, unheard
from app.core.i18n import Translator
from app.exports.deck.fit import clean, fair_shares, height, lines_in, wrap
from app.exports.deck.ink import INK, INK_2, INK_3, STAGE_FILL
from app.exports.deck.sheet import BODY, CELL_SIDE, CELL_TOP, Box, Deck, TableCell, para
from app.exports.deck.voices import seal
from app.language.codebook import CHANNEL_LABELS, STAGE_LABELS, Stage

SIZES = (14.0, 13.0, 12.0, 11.0)
"""Type sizes from large to the smallest allowed; what does not fit then goes on to another slide."""
HEAD_SIZE, LABEL_LINES = 11.0, 2
HEAD_WIDTH, HEAD_HEIGHT, SEAL = 70.0, 46.0, 20.0
MOST_VOICES = 3
"""Voices in a cell; all of them stand on the slides that follow."""
SPLIT = 5
"""Stages up to the purchase on one slide, those after it on the next."""


@dataclass(slots=True)
class Pending:
    """The lines of one cell that still wait for a slide; `voice` is what was said."""

    lines: list[str]
    voice: bool
    hatched: bool = False

    def take(self, count: int) -> list[str]:
        """Return the next lines and forget them."""
        taken, self.lines = self.lines[:count], self.lines[count:]
        return taken


@dataclass(frozen=True, slots=True)
class Part:
    """The stages of one slide with the rows they need."""

    columns: Sequence[StageColumn]
    rows: Sequence[Row]
    t: Translator

    @property
    def width(self) -> float:
        """Width of one stage's column."""
        return (BODY.width - HEAD_WIDTH) / max(len(self.columns), 1)

    def room(self, size: float) -> int:
        """Return how many lines all rows have together."""
        return lines_in(BODY.height - HEAD_HEIGHT - len(self.rows) * 2 * CELL_TOP, size)

    def grid(self, size: float) -> list[list[Pending]]:
        """Return the lines of every cell at a type size."""
        return [[pending(column, row, self.width, size, self.t) for column in self.columns] for row in self.rows]


def matrix_slides(deck: Deck, columns: Sequence[StageColumn], t: Translator) -> None:
    """Add slides for all stages; a cell that needs more room goes on, on a slide of the same shape."""
    for stages in (columns[:SPLIT], columns[SPLIT:]):
        rows = [Row.TOUCHPOINT, Row.ACTION, Row.THOUGHT, Row.EMOTION]
        if any(cell.row is Row.OTHER for column in stages for cell in column.cells):
            rows.append(Row.OTHER)
        part = Part(stages, rows, t)
        size = next((size for size in SIZES if sum(wanted(part.grid(size))) <= part.room(size)), SIZES[-1])
        grid = part.grid(size)
        draw(deck, part, grid, size, again=False)
        while any(cell.lines for row in grid for cell in row):
            draw(deck, part, grid, size, again=True)


def wanted(grid: Sequence[Sequence[Pending]]) -> list[int]:
    """Return the lines that each row needs: its label takes two at most."""
    return [max(LABEL_LINES, *(len(cell.lines) for cell in row)) for row in grid]


def pending(column: StageColumn, row: Row, width: float, size: float, t: Translator) -> Pending:
    """Return the wrapped lines of one cell; what is missing says so."""
    room = width - 2 * CELL_SIDE
    cell = next((cell for cell in column.cells if cell.row is row), None)
    if column.status is not StageStatus.HEARD:
        return Pending(missing(column, row, room, size, t), voice=False, hatched=True)
    if cell is None or cell.empty:
        if row is Row.OTHER:
            return Pending([], voice=False)
        if row is Row.TOUCHPOINT and column.stage is not Stage.AWARENESS:
            return Pending(["—"], voice=False)
        return Pending([t("Nothing said") if column.asked else t("Not heard")], voice=False, hatched=True)
    texts = cell_texts(cell, t)
    return Pending([line for text in texts for line in wrap(text, size=size, width=room)], voice=not cell.channels)


def missing(column: StageColumn, row: Row, room: float, size: float, t: Translator) -> list[str]:
    """Return the lines of a stage without voices: said once, in the first row."""
    if row is not Row.TOUCHPOINT:
        return []
    if column.status is StageStatus.NOTHING:
        return [t("Nothing said")]
    text = t("Not heard: {reason}", reason=unheard(t, column))
    return wrap(text, size=size, width=room)


def cell_texts(cell: Cell, t: Translator) -> list[str]:
    """Return the texts of a cell: channels by name, voices by their evidence in bracket marks."""
    if cell.channels:
        return [t.join(t(CHANNEL_LABELS[channel]) for channel in cell.channels)]
    texts = [f"「{clean(quote.evidence)}」" for quote in cell.quotes[:MOST_VOICES]]
    rest = len(cell.quotes) - MOST_VOICES
    return [*texts, t.plural("{n} more", "{n} more", n=rest)] if rest > 0 else texts


def draw(deck: Deck, part: Part, grid: Sequence[Sequence[Pending]], size: float, *, again: bool) -> None:
    """Draw one slide with as much of the grid as fits."""
    t = part.t
    headline = t("Journey (continued)") if again else t("Journey")
    pen = deck.page(headline, t("Words in brackets are the customer's own"))
    shares = fair_shares(wanted(grid), part.room(size))
    table = [(HEAD_HEIGHT, [TableCell(), *(head_cell(column, t) for column in part.columns)])]
    for row, cells, share in zip(part.rows, grid, shares, strict=True):
        label = TableCell((para(t(ROW_LABELS[row]), size=HEAD_SIZE, bold=True, color=INK_2),), left=0)
        tall = height(share, size) + 2 * CELL_TOP
        table.append((tall, [label, *(body_cell(cell, share, size) for cell in cells)]))
    widths = [HEAD_WIDTH, *[part.width] * len(part.columns)]
    pen.table(Box(BODY.x, BODY.y, BODY.width, sum(tall for tall, _ in table)), widths, table)
    for place, column in enumerate(part.columns):
        seal(pen, column.stage, BODY.x + HEAD_WIDTH + place * part.width + CELL_SIDE, BODY.y + 8, side=SEAL)


def head_cell(column: StageColumn, t: Translator) -> TableCell:
    """Return a stage's head: its name beside the seal, its number of voices below."""
    count = t.plural("{n} voice", "{n} voices", n=len(column.quotes)) if column.quotes else "—"
    name = para(t(STAGE_LABELS[column.stage]), size=HEAD_SIZE, bold=True, color=INK)
    return TableCell(
        (name, para(count, size=HEAD_SIZE, color=INK_3)),
        top=STAGE_FILL[column.stage],
        left=CELL_SIDE + SEAL + 6,
        anchor="middle",
    )


def body_cell(cell: Pending, share: int, size: float) -> TableCell:
    """Return the next lines of a cell as one paragraph per voice."""
    lines = cell.take(share)
    paras = tuple(para(text, size=size, voice=cell.voice, color=INK if cell.voice else INK_2) for text in joined(lines))
    return TableCell(paras, hatched=cell.hatched)


def joined(lines: Sequence[str]) -> list[str]:
    """Return wrapped lines as paragraphs again: a new one begins where a voice begins."""
    texts: list[str] = []
    for line in lines:
        if texts and not line.startswith("「") and not texts[-1].endswith("」"):
            texts[-1] += line
        else:
            texts.append(line)
    return texts
