"""A small pen over python-pptx: boxes, lines, text and tables in points, with the face set on every run."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_PATTERN_TYPE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from app.exports.deck.fit import LINE_RATIO, clean, printable
from app.exports.deck.ink import INK, INK_3, LINE, SUNKEN, Faces

WIDTH, HEIGHT = 960.0, 540.0
"""16:9 in points: 13⅓ × 7½ inches."""
BLANK_LAYOUT = 6
NO_TABLE_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
ALIGN = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
ANCHOR = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a slide, in points from the upper left."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style; `voice` is what a customer said."""

    text: str
    size: float = 12
    bold: bool = False
    color: str = INK
    voice: bool = False


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph."""

    runs: tuple[Run, ...]
    align: str = "left"
    after: float = 0


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a native table."""

    paras: tuple[Para, ...] = ()
    fill: str = ""
    line: str = LINE
    top: str = ""
    """Colour of a heavy line on top, as over a stage's column."""
    anchor: str = "top"
    left: float = 5.0
    hatched: bool = False


def para(text: str, *, size: float = 12, bold: bool = False, color: str = INK, voice: bool = False,
         align: str = "left", after: float = 0) -> Para:  # fmt: skip
    """Return a paragraph of one run."""
    return Para((Run(text, size, bold, color, voice),), align, after)


class Pen:
    """Draws on one slide."""

    def __init__(self, slide: Any, faces: Faces, language: str) -> None:  # noqa: ANN401 - python-pptx ships no types
        self.shapes = slide.shapes
        self.faces = faces
        self.language = language

    def text(self, box: Box, paras: Sequence[Para], *, anchor: str = "top", name: str = "") -> None:
        """Put text into a box without margins; it keeps its size."""
        shape = self.shapes.add_textbox(*emu(box))
        if name:
            shape.name = name
        self.fill_frame(shape.text_frame, paras, anchor=anchor)

    def rect(self, box: Box, *, fill: str = "", line: str = "", dashed: bool = False, rounded: bool = False) -> Any:  # noqa: ANN401
        """Draw a rectangle."""
        kind = MSO_SHAPE.ROUNDED_RECTANGLE if rounded else MSO_SHAPE.RECTANGLE
        return self.paint(self.shapes.add_shape(kind, *emu(box)), fill=fill, line=line, dashed=dashed)

    def oval(self, box: Box, *, fill: str = "", line: str = "", weight: float = 1.5, dashed: bool = False) -> Any:  # noqa: ANN401
        """Draw a circle or an ellipse."""
        shape = self.shapes.add_shape(MSO_SHAPE.OVAL, *emu(box))
        return self.paint(shape, fill=fill, line=line, weight=weight, dashed=dashed)

    def line(self, start: tuple[float, float], end: tuple[float, float], *, color: str = LINE, weight: float = 0.75,
             dashed: bool = False) -> None:  # fmt: skip
        """Draw a straight connector."""
        connector = self.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *(Pt(part) for part in (*start, *end)))
        drop_style(connector)
        connector.line.color.rgb = RGBColor.from_string(color)
        connector.line.width = Pt(weight)
        if dashed:
            connector.line.dash_style = MSO_LINE_DASH_STYLE.DASH

    def hatch(self, box: Box) -> None:
        """Draw the ground of what is missing: thin diagonal lines."""
        shape = self.paint(self.shapes.add_shape(MSO_SHAPE.RECTANGLE, *emu(box)), fill="", line="")
        hatch(shape.fill)

    def label(self, shape: Any, run: Run) -> None:  # noqa: ANN401
        """Write a short text into the middle of a shape."""
        self.fill_frame(shape.text_frame, (Para((run,), "center"),), anchor="middle", wrap=False)

    def table(self, box: Box, widths: Sequence[float], rows: Sequence[tuple[float, Sequence[TableCell]]]) -> None:
        """Draw a native table; each row comes with its height."""
        frame = self.shapes.add_table(len(rows), len(widths), *emu(box))
        properties = frame._element.graphic.graphicData.tbl.tblPr  # noqa: SLF001 - no public way to drop the style
        properties.find(qn("a:tableStyleId")).text = NO_TABLE_STYLE
        for flag in ("firstRow", "bandRow"):
            properties.set(flag, "0")
        for column, width in zip(frame.table.columns, widths, strict=True):
            column.width = Pt(width)
        for row, (row_height, cells) in zip(frame.table.rows, rows, strict=True):
            row.height = Pt(row_height)
            for target, cell in zip(row.cells, cells, strict=True):
                self.fill_cell(target, cell)

    def fill_cell(self, target: Any, cell: TableCell) -> None:  # noqa: ANN401
        """Write one cell with its margins, fill and lines."""
        target.margin_left, target.margin_right = Pt(cell.left), Pt(CELL_SIDE)
        target.margin_top = target.margin_bottom = Pt(CELL_TOP)
        target.vertical_anchor = ANCHOR[cell.anchor]
        if cell.hatched:
            hatch(target.fill)
        elif cell.fill:
            target.fill.solid()
            target.fill.fore_color.rgb = RGBColor.from_string(cell.fill)
        else:
            target.fill.background()
        self.write(target.text_frame, cell.paras)
        edges(target, cell)

    def fill_frame(self, frame: Any, paras: Sequence[Para], *, anchor: str, wrap: bool = True) -> None:  # noqa: ANN401
        """Write paragraphs into a frame that neither grows nor shrinks."""
        frame.auto_size = MSO_AUTO_SIZE.NONE
        frame.word_wrap = wrap
        frame.vertical_anchor = ANCHOR[anchor]
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        self.write(frame, paras)

    def write(self, frame: Any, paras: Sequence[Para]) -> None:  # noqa: ANN401
        """Write paragraphs with fixed line height and a face on every run."""
        for place, content in enumerate(paras or (para(""),)):
            target = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            target.alignment = ALIGN[content.align]
            target.line_spacing = Pt(max(run.size for run in content.runs) * LINE_RATIO)
            target.space_before, target.space_after = Pt(0), Pt(content.after)
            for run in content.runs:
                self.add_run(target, run)

    def add_run(self, target: Any, content: Run) -> None:  # noqa: ANN401
        """Add one run: size, weight, colour, language and all three faces."""
        run = target.add_run()
        run.text = printable(content.text)
        run.font.size, run.font.bold = Pt(content.size), content.bold
        run.font.color.rgb = RGBColor.from_string(content.color)
        properties = run._r.get_or_add_rPr()  # noqa: SLF001 - python-pptx has no East Asian face
        properties.set("lang", self.language)
        properties.set("altLang", "en-US")
        face = self.faces.voice if content.voice else self.faces.record
        for tag in ("a:latin", "a:ea", "a:cs"):
            properties.append(properties.makeelement(qn(tag), {"typeface": face}))

    def paint(self, shape: Any, *, fill: str, line: str, weight: float = 1, dashed: bool = False) -> Any:  # noqa: ANN401
        """Fill and outline a shape; no shadow."""
        drop_style(shape)
        if fill:
            shape.fill.solid()
            shape.fill.fore_color.rgb = RGBColor.from_string(fill)
        else:
            shape.fill.background()
        if line:
            shape.line.color.rgb = RGBColor.from_string(line)
            shape.line.width = Pt(weight)
            if dashed:
                shape.line.dash_style = MSO_LINE_DASH_STYLE.DASH
        else:
            shape.line.fill.background()
        return shape


CELL_SIDE, CELL_TOP = 5.0, 4.0


def emu(box: Box) -> tuple[Any, Any, Any, Any]:
    """Return a box in the unit of the file format."""
    return Pt(box.x), Pt(box.y), Pt(max(box.width, 0)), Pt(max(box.height, 0))


def drop_style(shape: Any) -> None:  # noqa: ANN401
    """Take the theme's style from a shape: its shadow and its own colours."""
    style = shape._element.find(qn("p:style"))  # noqa: SLF001 - python-pptx has no access to it
    if style is not None:
        shape._element.remove(style)  # noqa: SLF001


def drop_thumbnail(file: Any) -> None:  # noqa: ANN401
    """Take the template's preview picture out: it shows another deck."""
    links = file.part.package._rels  # noqa: SLF001 - python-pptx has no access to it
    for key in [key for key, link in links.items() if link.reltype.endswith("/thumbnail")]:
        links.pop(key)


def hatch(fill: Any) -> None:  # noqa: ANN401
    """Set a fill of thin diagonal lines."""
    fill.patterned()
    fill.pattern = MSO_PATTERN_TYPE.WIDE_UPWARD_DIAGONAL
    fill.fore_color.rgb = RGBColor.from_string(LINE)
    fill.back_color.rgb = RGBColor.from_string(SUNKEN)


def edges(target: Any, cell: TableCell) -> None:  # noqa: ANN401
    """Draw the hairline below a cell and the heavy line above it; the format wants left, right, top, bottom."""
    properties = target._tc.get_or_add_tcPr()  # noqa: SLF001 - python-pptx has no cell borders
    lines = (("a:lnL", "", 0.0), ("a:lnR", "", 0.0), ("a:lnT", cell.top, 3.0), ("a:lnB", cell.line, 0.75))
    for place, (tag, color, weight) in enumerate(lines):
        line = properties.makeelement(qn(tag), {"w": str(int(Pt(weight)))})
        if color:
            solid = line.makeelement(qn("a:solidFill"), {})
            solid.append(solid.makeelement(qn("a:srgbClr"), {"val": color}))
            line.append(solid)
        else:
            line.append(line.makeelement(qn("a:noFill"), {}))
        properties.insert(place, line)


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands at the foot of every slide."""

    left: str
    note: str


class Deck:
    """A 16:9 presentation; every slide has a headline, a hairline and the foot with as-of date and scope."""

    def __init__(self, *, title: str, footer: Footer, faces: Faces, language: str) -> None:
        self.file = Presentation()
        drop_thumbnail(self.file)
        self.file.slide_width, self.file.slide_height = Pt(WIDTH), Pt(HEIGHT)
        self.file.core_properties.title = clean(title)
        self.file.core_properties.author = ""
        self.file.core_properties.language = language
        self.footer = footer
        self.faces = faces
        self.language = language
        self.pages = 0

    def blank(self) -> Pen:
        """Add an empty slide with its foot."""
        self.pages += 1
        pen = Pen(self.file.slides.add_slide(self.file.slide_layouts[BLANK_LAYOUT]), self.faces, self.language)
        pen.line((EDGE, FOOT), (WIDTH - EDGE, FOOT))
        pen.text(Box(EDGE, FOOT + 5, 560, 16), (para(self.footer.left, size=FOOT_SIZE, color=INK_3),))
        right = (para(f"{self.footer.note}   {self.pages}", size=FOOT_SIZE, color=INK_3, align="right"),)
        pen.text(Box(WIDTH - EDGE - 320, FOOT + 5, 320, 16), right)
        return pen

    def page(self, headline: str, sub: str = "") -> Pen:
        """Add a slide with a headline and a short sentence beside it."""
        pen = self.blank()
        runs = [Run(headline, HEAD_SIZE, bold=True)]
        if sub:
            runs.append(Run(f"   {sub}", SUB_SIZE, color=INK_3))
        pen.text(Box(EDGE, 26, WIDTH - 2 * EDGE, 32), (Para(tuple(runs)),), name="headline")
        return pen

    def save(self) -> bytes:
        """Return the file."""
        buffer = BytesIO()
        self.file.save(buffer)
        return buffer.getvalue()


EDGE, FOOT, TOP = 44.0, 508.0, 74.0
HEAD_SIZE, SUB_SIZE, FOOT_SIZE = 20.0, 12.0, 11.0
BODY = Box(EDGE, TOP, WIDTH - 2 * EDGE, FOOT - TOP - 10)
