"""The deck of a study: cover, findings, stage × class in people, lists, voices."""

from collections.abc import Sequence

from app.boards.many.study_table import in_turn
from app.boards.schemas import BoardQuote
from app.boards.study_schemas import (
    AttributeCell,
    AttributeTable,
    CountRow,
    Finding,
    PeopleCell,
    StageRow,
    StudyBoard,
)
from app.boards.wording import SCOPE_LABELS, column_label
from app.candidates.sentences import say
from app.core.i18n import Translator
from app.exports.deck.cover import Fact, cover, footer
from app.exports.deck.fit import clean, height, line_count, shorten
from app.exports.deck.ink import ACCENT, CLASS_MARK, CONTROL, INK, INK_2, INK_3, Faces, edge
from app.exports.deck.sheet import BODY, Box, Deck, Para, Pen, Run, TableCell, para
from app.exports.deck.voices import seal, unheard_box, voice_lines, voice_slides
from app.language.codebook import STAGE_LABELS, Stage
from app.purchases.classes import CLASS_LABELS
from app.purchases.other.attribute_words import name_label

FINDING_SIZE, CELL_SIZE = 20.0, 12.0
STAGE_WIDTH, CLASS_WIDTH, ROW_HEIGHT, HEAD_HEIGHT, TALL_HEAD = 190.0, 112.0, 40.0, 30.0, 40.0
MOST_DOTS, MOST_VOICES = 8, 8


def study_deck(board: StudyBoard, t: Translator, faces: Faces | None = None) -> bytes:
    """Return the deck of a study as the board's reader may see it."""
    deck = Deck(
        title=board.study_title,
        footer=footer(t, board.as_of, board.study_title),
        faces=faces or Faces(),
        language="ja-JP" if t.locale == "ja" else "en-US",
    )
    cover(
        deck.blank(),
        t,
        kicker=board.product,
        title=board.study_title,
        facts=facts(board, t),
        as_of=board.as_of,
        view=board.view,
        left_out=board.left_out,
    )
    if board.findings:
        findings_slide(deck, board.findings, t)
    stage_slide(deck, board, t)
    if board.by:
        attribute_slide(deck, board.by, t)
    count_slides(deck, t("Where they learned of it"), board.channels, board, t)
    count_slides(deck, t("Worries before buying"), board.anxieties, board, t)
    count_slides(deck, t("Why they left"), board.cancel_reasons, board, t)
    for row in board.table:
        stage_voices(deck, row.stage, board, t)
    return deck.save()


def stage_voices(deck: Deck, stage: Stage, board: StudyBoard, t: Translator) -> None:
    """Add a stage's voices: confirmed ones first, one of each person before a second one, the rest counted."""
    own = in_turn(quote for quote in board.quotes if quote.stage is stage)
    chosen = own[:MOST_VOICES]
    below = [voice_meta(quote, t) for quote in chosen]
    rest = len(own) - len(chosen)
    sub = (
        t.plural("and {n} more voice in the Excel list", "and {n} more voices in the Excel list", n=rest)
        if rest
        else ""
    )
    voice_slides(deck, t(STAGE_LABELS[stage]), voice_lines(chosen, below, more=t("(continued)")), sub=sub)


def voice_meta(quote: BoardQuote, t: Translator) -> str:
    """Return who said it, of which class, in answer to what, and how far it may go."""
    state = t("confirmed") if quote.confirmed else t("not confirmed yet")
    parts = (quote.code_name, t(CLASS_LABELS[quote.customer_class]), quote.question_id, state)
    return f"{' ・ '.join(parts)} ・ {t('Scope')}: {t(SCOPE_LABELS[quote.scope])}"


def facts(board: StudyBoard, t: Translator) -> tuple[Fact, ...]:
    """Return what the cover says about the study."""
    people = [t.plural("{n} person", "{n} people", n=sum(count.people for count in board.classes))]
    people += [f"{t(CLASS_LABELS[count.customer_class])} {count.people}" for count in board.classes]
    found = [Fact(t("Heard"), t.join(people))]
    sentences = len({quote.sentence_id for quote in board.quotes})
    found.append(
        Fact(t("Voices"), t("{n}, of which {confirmed} confirmed", n=t.number(sentences), confirmed=board.confirmed))
    )
    if board.first_held and board.last_held:
        months = list(dict.fromkeys([t.month(board.first_held), t.month(board.last_held)]))
        found.append(Fact(t("Held"), " – ".join(months)))
    if board.question:
        found.append(Fact(t("Question"), board.question))
    return tuple(found)


def findings_slide(deck: Deck, found: Sequence[Finding], t: Translator) -> None:
    """Add the findings: one sentence each, with its base in words."""
    pen = deck.page(t("What we found"), t("Computed from the tagged voices; counted in people"))
    top = BODY.y + 12
    for number, finding in enumerate(found, start=1):
        text = say(finding.text, t)
        tall = height(line_count(text, size=FINDING_SIZE, width=BODY.width - 60), FINDING_SIZE)
        pen.rect(Box(BODY.x, top + 2, 4, tall + 24), fill=ACCENT)
        pen.text(Box(BODY.x + 18, top, 30, 30), (para(str(number), size=FINDING_SIZE, bold=True, color=ACCENT),))
        base = f"{say(finding.base, t)} ・ {t.plural('{n} voice behind it', '{n} voices behind it', n=finding.quotes)}"
        pen.text(
            Box(BODY.x + 52, top, BODY.width - 60, tall + 28),
            (para(text, size=FINDING_SIZE, after=4), para(base, size=12, color=INK_3)),
        )
        top += tall + 60


def stage_slide(deck: Deck, board: StudyBoard, t: Translator) -> None:
    """Add the native table of stage × class; a dot is a person."""
    pen = deck.page(t("Stage × class"), t("One dot is one person; filled means they spoke of the stage"))
    if not board.classes:
        unheard_box(pen, Box(BODY.x, BODY.y, BODY.width, 200), t("No voice"), t("No voices to show yet"))
        return
    voice_width = BODY.width - STAGE_WIDTH - CLASS_WIDTH * len(board.classes)
    head = [
        head_cell(t("Stage")),
        *(
            head_cell(f"{CLASS_MARK[count.customer_class]} {t(CLASS_LABELS[count.customer_class])} {count.people}")
            for count in board.classes
        ),
        head_cell(t("A voice")),
    ]
    rows = [(HEAD_HEIGHT, head), *((ROW_HEIGHT, stage_cells(row, voice_width, t)) for row in board.table)]
    widths = [STAGE_WIDTH, *[CLASS_WIDTH] * len(board.classes), voice_width]
    pen.table(Box(BODY.x, BODY.y, BODY.width, sum(tall for tall, _ in rows)), widths, rows)
    for place, row in enumerate(board.table):
        seal(pen, row.stage, BODY.x + 2, BODY.y + HEAD_HEIGHT + place * ROW_HEIGHT + 10, side=20)


def attribute_slide(deck: Deck, by: AttributeTable, t: Translator) -> None:
    """Add the native table of stage × value of an attribute, as coarse as the reader may see it."""
    sub = t("One dot is one person; filled means they spoke of the stage")
    pen = deck.page(f"{t('Stage × attribute')}: {name_label(by.level, t)}", sub)
    width = (BODY.width - STAGE_WIDTH) / len(by.columns)
    labels = [
        f"{shorten(clean(column_label(by, column, t)), size=11, width=width - 36, lines=2)} {column.people}"
        for column in by.columns
    ]
    rows = [(TALL_HEAD, [head_cell(text) for text in (t("Stage"), *labels)])]
    for row in by.rows:
        name = TableCell((para(t(STAGE_LABELS[row.stage]), size=CELL_SIZE, bold=True),), left=30, anchor="middle")
        rows.append((ROW_HEIGHT, [name, *(TableCell((dots(cell, row.stage),), anchor="middle") for cell in row.cells)]))
    widths = [STAGE_WIDTH, *[width] * len(by.columns)]
    pen.table(Box(BODY.x, BODY.y, BODY.width, sum(tall for tall, _ in rows)), widths, rows)
    for place, row in enumerate(by.rows):
        seal(pen, row.stage, BODY.x + 2, BODY.y + TALL_HEAD + place * ROW_HEIGHT + 10, side=20)


def stage_cells(row: StageRow, voice_width: float, t: Translator) -> list[TableCell]:
    """Return one row: name, people per class, one voice or how many were not asked."""
    name = TableCell((para(t(STAGE_LABELS[row.stage]), size=CELL_SIZE, bold=True),), left=30, anchor="middle")
    counts = [TableCell((dots(cell, row.stage),), anchor="middle") for cell in row.cells]
    if row.voice is None:
        text = t.plural("{n} person not asked", "{n} people not asked", n=row.unheard) if row.unheard else ""
        voice = TableCell((para(text or t("Nothing said"), size=11, color=INK_2),), anchor="middle", hatched=True)
    else:
        words = shorten(f"「{clean(row.voice.evidence)}」", size=11, width=voice_width - 10 - 70, lines=2)
        runs = (Run(words, 11, voice=True), Run(f"  {row.voice.code_name}", 11, color=INK_3))
        voice = TableCell((Para(runs),), anchor="middle")
    return [name, *counts, voice]


def dots(cell: PeopleCell | AttributeCell, stage: Stage | None) -> Para:
    """Return people as dots and their number; a number alone when there are too many for dots."""
    color = edge(stage, 0.88) if stage else INK
    on, off = "●" * cell.people, "○" * (cell.of - cell.people)
    if cell.of > MOST_DOTS:
        return Para((Run(f"{cell.people} / {cell.of}", CELL_SIZE, bold=True),))
    return Para((Run(on, 11, color=color), Run(off, 11, color=CONTROL), Run(f" {cell.people}", CELL_SIZE, bold=True)))


def head_cell(text: str) -> TableCell:
    return TableCell((para(text, size=11, bold=True, color=INK_2),), line=CONTROL, anchor="middle")


def count_slides(deck: Deck, headline: str, rows: Sequence[CountRow], board: StudyBoard, t: Translator) -> None:
    """Add one list in people per class with a voice each; more slides when it is long, a hatched one when empty."""
    if not rows:
        pen = deck.page(headline)
        unheard_box(pen, Box(BODY.x, BODY.y, BODY.width, 160), t("No voice"), t("Nobody spoke of it"))
        return
    per_slide = int((BODY.height - HEAD_HEIGHT - 24) // ROW_HEIGHT)
    for start in range(0, len(rows), per_slide):
        pen = deck.page(headline, t("In people; fewer than three are not a tendency"))
        count_table(pen, rows[start : start + per_slide], board, t)


def count_table(pen: Pen, rows: Sequence[CountRow], board: StudyBoard, t: Translator) -> None:
    """Draw one native table of a list."""
    voice_width = BODY.width - STAGE_WIDTH - CLASS_WIDTH * len(board.classes)
    names = [t(CLASS_LABELS[count.customer_class]) for count in board.classes]
    table = [(HEAD_HEIGHT, [head_cell(text) for text in (t("What"), *names, t("A voice"))])]
    for row in rows:
        quote = row.voices[0]
        words = shorten(f"「{clean(quote.evidence)}」", size=11, width=voice_width - 10 - 70, lines=2)
        voice = Para((Run(words, 11, voice=True), Run(f"  {quote.code_name}", 11, color=INK_3)))
        label = shorten(t(row.label), size=CELL_SIZE, width=STAGE_WIDTH - 10, lines=2)
        cells = [TableCell((para(label, size=CELL_SIZE, bold=True),), left=0, anchor="middle")]
        cells += [TableCell((dots(cell, None),), anchor="middle") for cell in row.cells]
        table.append((ROW_HEIGHT, [*cells, TableCell((voice,), anchor="middle")]))
    widths = [STAGE_WIDTH, *[CLASS_WIDTH] * len(board.classes), voice_width]
    pen.table(Box(BODY.x, BODY.y, BODY.width, sum(tall for tall, _ in table)), widths, table)
