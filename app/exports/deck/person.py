"""The deck of one person: cover, timeline with the turning point, reason beside trigger, journey, voices."""

from collections.abc import Sequence

from app.boards.schemas import BoardQuote, ChangeKind, PersonBoard, TurningPoint
from app.boards.wording import BASIS_LABELS, CHANGE_LABELS, SCOPE_LABELS, ago_words, change_side, money, no_trigger
from app.candidates.sentences import say_span
from app.core.i18n import Translator
from app.exports.deck.cover import Fact, cover, footer
from app.exports.deck.fit import clean, cut, height, line_count, lines_in, shorten
from app.exports.deck.ink import INK, INK_2, INK_3, Faces, edge, tint
from app.exports.deck.matrix import matrix_slides
from app.exports.deck.sheet import BODY, FOOT, Box, Deck, Pen, para
from app.exports.deck.timeline import draw_timeline
from app.exports.deck.voices import seal, unheard_box, voice_lines, voice_slides
from app.interviews.labels import ITEM_LABELS, MODE_LABELS
from app.language.codebook import STAGE_LABELS, Stage
from app.purchases.classes import CLASS_LABELS, TYPE_LABELS

TURN_TOP, TURN_HEIGHT = 436.0, 64.0
COLUMN_GAP, REASON_SIZE = 36.0, 17.0
CHANGE_SHARE = {ChangeKind.GAP: 0.21, ChangeKind.AMOUNT: 0.33, ChangeKind.ITEMS: 0.23, ChangeKind.WAY: 0.23}


def person_deck(board: PersonBoard, t: Translator, faces: Faces | None = None) -> bytes:
    """Return the deck of one person as the board's reader may see it."""
    deck = Deck(
        title=f"{board.code_name} {board.study_title}",
        footer=footer(t, board.as_of, f"{board.code_name} / {board.study_title}"),
        faces=faces or Faces(),
        language="ja-JP" if t.locale == "ja" else "en-US",
    )
    cover(
        deck.blank(), t,
        kicker=board.study_title, title=board.code_name, customer_class=board.customer_class,
        facts=facts(board, t), as_of=board.as_of, view=board.view, left_out=board.left_out,
    )  # fmt: skip
    timeline_slide(deck, board, t)
    reason_slides(deck, board, t)
    matrix_slides(deck, board.journey, t)
    below = [f"{t(STAGE_LABELS[quote.stage])} ・ {meta(quote, t)}" for quote in board.quotes]
    voice_slides(deck, t("Voices"), voice_lines(board.quotes, below, more=t("(continued)")))
    return deck.save()


def facts(board: PersonBoard, t: Translator) -> tuple[Fact, ...]:
    """Return what the cover says about the person; figures that are not there are left out."""
    found = [Fact(t("Class"), t(CLASS_LABELS[board.customer_class]))]
    if board.purchase_type is not None:
        found.append(Fact(t("Purchase type"), t(TYPE_LABELS[board.purchase_type])))
    if not board.in_store:
        return (*found, Fact(t("Orders"), t("Not in the purchase data now")))
    found += [
        Fact(t("Orders"), t.plural("{n} order", "{n} orders", n=len(board.orders))),
        Fact(t("From first to last"), say_span(board.span_days, t)),
        Fact(t("Total so far"), money(t, board.total)),
    ]
    if board.last_order is not None:
        found.append(Fact(t("Last order"), ago_words(t, board.last_order)))
    if board.interview is not None:
        record = board.interview
        day = t.date(record.held_on) if record.held_on else t.month(record.held_month)
        found.append(Fact(t("Interview"), f"{day} {t(MODE_LABELS[record.mode])}"))
        found.append(Fact(t("Consent"), t.join(t(ITEM_LABELS[item]) for item in record.granted)))
    return tuple(found)


def timeline_slide(deck: Deck, board: PersonBoard, t: Translator) -> None:
    """Add the time axis with the turning point below it."""
    pen = deck.page(
        t("Purchases and voices over time"), t("Dot area is the amount; the time before buying is not to scale")
    )
    if not board.in_store:
        unheard_box(pen, Box(BODY.x, BODY.y, BODY.width, 340), t("No orders"), t("Not in the purchase data now"))
    else:
        draw_timeline(pen, board, t)
    if board.turning is not None:
        turn_box(pen, board, board.turning, t)
    else:
        box = Box(BODY.x, TURN_TOP, BODY.width, TURN_HEIGHT)
        unheard_box(pen, box, *no_trigger(t, board))


def turn_box(pen: Pen, board: PersonBoard, turning: TurningPoint, t: Translator) -> None:
    """Draw what changed between the two orders, each measure before and after, and that sequence is no cause."""
    stage = Stage.LOYALTY_TRIGGER
    pen.rect(Box(BODY.x, TURN_TOP, BODY.width, TURN_HEIGHT), fill=tint(stage), line=edge(stage), dashed=True)
    seal(pen, stage, BODY.x + 10, TURN_TOP + 19, side=26)
    head = (
        t("What changed between orders {before} and {after}", before=turning.before_order, after=turning.after_order)
        if turning.after_order
        else t(BASIS_LABELS[turning.basis])
    )
    sub = t(BASIS_LABELS[turning.basis]) if turning.after_order else t("Sequence only; it proves no cause.")
    if turning.after_order and not turning.visible:
        sub = t("Told, but no change of behaviour shows in the record.")
    left = Box(BODY.x + 46, TURN_TOP + 8, 236, TURN_HEIGHT - 12)
    pen.text(left, (para(head, size=12, bold=True), para(fitted(sub, 236, 2), size=11, color=INK_2)))
    x = BODY.x + 296
    for change in turning.changes:
        width = (BODY.width - 300 - 150) * CHANGE_SHARE[change.kind]
        sides = [change_side(t, change.kind, side, board.total) for side in (change.before, change.after)]
        label = para(t(CHANGE_LABELS[change.kind]), size=11, color=INK_2)
        value = para(f"{sides[0]} → {sides[1]}", size=12, bold=True)
        pen.text(Box(x, TURN_TOP + 7, width - 6, 52), (label, value))
        x += width
    if turning.after_order:
        note = fitted(t("Sequence only; it proves no cause."), 136, 3)
        pen.text(Box(BODY.x + BODY.width - 144, TURN_TOP + 8, 136, 50), (para(note, size=11, color=INK_3),))


def fitted(text: str, width: float, lines: int) -> str:
    return shorten(text, size=11, width=width, lines=lines)


def reason_slides(deck: Deck, board: PersonBoard, t: Translator) -> None:
    """Add the first reason beside the loyalty trigger: two columns that never mix, on as many slides as they need."""
    pages = max(len(stacked(board.first_reasons)), len(stacked(board.triggers)), 1)
    for place in range(pages):
        pen = deck.page(t("Why they bought, and why they stay"), t("Read as two different things"))
        width = (BODY.width - COLUMN_GAP) / 2
        for side, (stage, quotes) in enumerate(
            ((Stage.PURCHASE_REASON, board.first_reasons), (Stage.LOYALTY_TRIGGER, board.triggers))
        ):
            box = Box(BODY.x + side * (width + COLUMN_GAP), BODY.y, width, BODY.height)
            reason_column(pen, stage, stacked(quotes)[place : place + 1], box, t, empty=not quotes)
        if place == 0 and board.mixed:
            text = t.plural(
                "{n} sentence mixes both: read it twice.",
                "{n} sentences mix both: read them twice.",
                n=len(board.mixed),
            )
            pen.text(Box(BODY.x, FOOT - 24, BODY.width, 18), (para(text, size=11, color=INK_3),))


def column_width() -> float:
    return (BODY.width - COLUMN_GAP) / 2


def stacked(quotes: Sequence[BoardQuote]) -> list[list[tuple[BoardQuote, str]]]:
    """Return the voices of one column slide by slide, long ones cut into parts."""
    room = BODY.height - 62
    slides: list[list[tuple[BoardQuote, str]]] = []
    left = 0.0
    for quote in quotes:
        text = f"「{clean(quote.text)}」"
        for part in cut(text, size=REASON_SIZE, width=column_width(), lines=lines_in(room - 20, REASON_SIZE)):
            need = part_height(part)
            if not slides or need > left:
                slides.append([])
                left = room
            slides[-1].append((quote, part))
            left -= need
    return slides


def part_height(text: str) -> float:
    """Return the room of one part with the line below it."""
    return height(line_count(text, size=REASON_SIZE, width=column_width()), REASON_SIZE) + height(1, 11) + 12


def reason_column(
    pen: Pen, stage: Stage, slides: Sequence[Sequence[tuple[BoardQuote, str]]], box: Box, t: Translator, *, empty: bool
) -> None:
    """Draw one column: heavy line, seal, title, voices; hatched when nothing was said."""
    pen.rect(Box(box.x, box.y, box.width, 4), fill=edge(stage, 0.88))
    seal(pen, stage, box.x, box.y + 14)
    title = t("What decided the first purchase") if stage is Stage.PURCHASE_REASON else t("What made them stay")
    pen.text(Box(box.x + 32, box.y + 15, box.width - 32, 24), (para(title, size=15, bold=True, color=INK),))
    if empty:
        unheard_box(pen, Box(box.x, box.y + 52, box.width, 120), t("No voice"), "")
        return
    top = box.y + 52
    if not slides:
        pen.text(
            Box(box.x, top, box.width, 18), (para(t("All voices are on the slide before."), size=11, color=INK_3),)
        )
    for quote, text in (part for slide in slides for part in slide):
        tall = height(line_count(text, size=REASON_SIZE, width=box.width), REASON_SIZE)
        pen.text(Box(box.x, top, box.width, tall), (para(text, size=REASON_SIZE, voice=True),))
        pen.text(Box(box.x, top + tall, box.width, 16), (para(meta(quote, t), size=11, color=INK_3),))
        top += part_height(text)


def meta(quote: BoardQuote, t: Translator) -> str:
    """Return what stands below a voice: the question, whether a person confirmed it, its scope."""
    state = t("confirmed") if quote.confirmed else t("not confirmed yet")
    return f"{quote.question_id} ・ {state} ・ {t('Scope')}: {t(SCOPE_LABELS[quote.scope])}"
