"""Slides of voices: quotes in mincho under their stage's seal, as many slides as they need."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.boards.schemas import BoardQuote
from app.exports.deck.fit import clean, cut, height, line_count, lines_in
from app.exports.deck.ink import CLASS_MARK, INK, INK_3, STAGE_FILL, edge, on_stage, tint
from app.exports.deck.sheet import BODY, Box, Deck, Pen, Run, para
from app.language.codebook import SEALS, Stage
from app.purchases.classes import CustomerClass

VOICE_SIZE, META_SIZE, SEAL = 15.0, 11.0, 22.0
GAP = 12.0
TEXT_X = BODY.x + SEAL + 12
TEXT_WIDTH = BODY.width - SEAL - 12


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """One quote, or a part of a long one, with the line below it."""

    quote: BoardQuote
    text: str
    meta: str

    @property
    def height(self) -> float:
        """Room it takes, the gap below included."""
        lines = line_count(self.text, size=VOICE_SIZE, width=TEXT_WIDTH)
        return height(lines, VOICE_SIZE) + height(1, META_SIZE) + GAP


def voice_lines(quotes: Sequence[BoardQuote], meta: Sequence[str], *, more: str) -> list[VoiceLine]:
    """Return the quotes in bracket marks; one that is longer than a slide comes in parts, marked with `more`."""
    most = lines_in(BODY.height - height(1, META_SIZE) - GAP, VOICE_SIZE)
    found: list[VoiceLine] = []
    for quote, below in zip(quotes, meta, strict=True):
        parts = cut(f"「{clean(quote.text)}」", size=VOICE_SIZE, width=TEXT_WIDTH, lines=most)
        found += [
            VoiceLine(quote, part, below if place == 0 else f"{below} {more}") for place, part in enumerate(parts)
        ]
    return found


def paginate(lines: Sequence[VoiceLine], room: float) -> list[list[VoiceLine]]:
    """Return the lines slide by slide; none is cut, none overflows."""
    slides: list[list[VoiceLine]] = []
    left = 0.0
    for line in lines:
        if not slides or line.height > left:
            slides.append([])
            left = room
        slides[-1].append(line)
        left -= line.height
    return slides


def voice_slides(deck: Deck, headline: str, lines: Sequence[VoiceLine], *, sub: str = "") -> None:
    """Add slides with all lines; none when there are none."""
    slides = paginate(lines, BODY.height)
    for place, group in enumerate(slides, start=1):
        pen = deck.page(headline, f"{sub} {place}/{len(slides)}".strip() if len(slides) > 1 else sub)
        top = BODY.y
        for line in group:
            draw_voice(pen, line, top)
            top += line.height


def draw_voice(pen: Pen, line: VoiceLine, top: float) -> None:
    """Draw one quote: seal, mincho text with the evidence underlined by weight of colour, the line below."""
    lines = line_count(line.text, size=VOICE_SIZE, width=TEXT_WIDTH)
    tall = height(lines, VOICE_SIZE)
    seal(pen, line.quote.stage, BODY.x, top)
    pen.text(Box(TEXT_X, top, TEXT_WIDTH, tall), (para(line.text, size=VOICE_SIZE, voice=True),))
    pen.text(
        Box(TEXT_X, top + tall, TEXT_WIDTH, height(1, META_SIZE)),
        (para(line.meta, size=META_SIZE, color=INK_3),),
    )


def seal(pen: Pen, stage: Stage, x: float, y: float, *, side: float = SEAL) -> None:
    """Draw a stage's seal: one kanji on the stage's colour."""
    square = pen.rect(Box(x, y, side, side), fill=STAGE_FILL[stage], line=edge(stage))
    pen.label(square, Run(SEALS[stage], size=side * 0.56, bold=True, color=on_stage(stage)))


def unheard_box(pen: Pen, box: Box, label: str, reason: str) -> None:
    """Draw what is missing: a pattern of its own, a dashed outline, the word and the reason."""
    pen.hatch(box)
    label_box = Box(box.x + box.width / 2 - 34, box.y + box.height / 2 - 26, 68, 20)
    pen.label(pen.rect(label_box, fill="FFFFFF", line="7D8692", dashed=True), Run(label, 12, bold=True, color=INK))
    if reason:
        below = Box(box.x + 8, box.y + box.height / 2, box.width - 16, box.height / 2 - 4)
        pen.text(below, (para(reason, size=11, color="434B57", align="center"),))


def class_run(kind: CustomerClass, text: str, size: float = 13) -> Run:
    """Return a class with its ink shape."""
    return Run(f"{CLASS_MARK[kind]} {text}", size, bold=True)


def banner(pen: Pen, stage: Stage, box: Box) -> None:
    """Draw the tinted ground of a stage with its dashed outline."""
    pen.rect(box, fill=tint(stage), line=edge(stage), dashed=True)
