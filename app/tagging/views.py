"""Shapes stored sentences and tags, or fresh ones, the way pages show them; pure."""

from collections.abc import Sequence

from app.interviews.models import Answer
from app.language.codebook import STAGES, Stage
from app.language.schemas import SentenceTags
from app.tagging.models import Sentence, Tag, TagOrigin, TagState
from app.tagging.schemas import AnswerTags, Piece, SentenceView, TagView

Span = tuple[int, int, Stage]


def pieces(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """Return the sentence cut into plain and underlined runs; where evidence overlaps, the earlier one goes on."""
    found: list[Piece] = []
    at = 0
    for start, end, stage in sorted(spans, key=lambda span: (span[0], -span[1])):
        begin = max(start, at)
        if begin >= min(end, len(text)):
            continue
        if begin > at:
            found.append(Piece(text=text[at:begin], stage=None))
        found.append(Piece(text=text[begin:end], stage=stage))
        at = end
    if at < len(text):
        found.append(Piece(text=text[at:], stage=None))
    return tuple(found)


def tag_view(tag: Tag) -> TagView:
    """Return one stored tag as shown."""
    return TagView(
        public_id=tag.public_id,
        stage=tag.stage,
        start=tag.start,
        end=tag.end,
        confidence=tag.confidence,
        rule=tag.rule,
        origin=tag.origin,
        state=tag.state,
        proposed_stage=tag.proposed_stage,
        facets=tuple(tag.facets),
        channel=tuple(tag.channel),
        cancel_reason=tuple(tag.cancel_reason),
        anxiety_kind=tuple(tag.anxiety_kind),
    )


def sentence_view(sentence: Sentence, tags: Sequence[Tag], before: str) -> SentenceView:
    """Return a sentence with its tags in journey order; rejected ones underline nothing."""
    ordered = sorted(tags, key=lambda tag: (STAGES.index(tag.stage), tag.start))
    spans = [(tag.start, tag.end, tag.stage) for tag in ordered if tag.state is not TagState.REJECTED]
    return SentenceView(
        public_id=sentence.public_id,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        before=before,
        pieces=pieces(sentence.text, spans),
        tags=tuple(map(tag_view, ordered)),
    )


def answer_view(answer: Answer, sentences: Sequence[tuple[Sentence, Sequence[Tag]]]) -> AnswerTags:
    """Return an answer's sentences in order, with the text between and after them."""
    views = []
    at = 0
    stale = any(sentence.answer_version != answer.version for sentence, _ in sentences)
    for sentence, tags in sentences:
        before = "" if stale else answer.text[at : sentence.start]
        views.append(sentence_view(sentence, tags, before))
        at = sentence.end
    every = [tag for view in views for tag in view.tags]
    return AnswerTags(
        answer_id=answer.public_id,
        question_id=answer.question_id,
        sentences=tuple(views),
        tail="" if stale else answer.text[at:],
        stale=stale or (bool(answer.text.strip()) and not sentences),
        confirmed=sum(tag.state is not TagState.PROPOSED for tag in every),
        total=len(every),
    )


def live_spans(text: str, sentences: Sequence[SentenceTags]) -> tuple[SentenceView, ...]:
    """Return spans that together hold the whole text, for the mirror below what is being typed."""
    views = []
    at = 0
    for one in [*sentences, SentenceTags(start=len(text), end=len(text), text="")]:
        if one.start > at:
            views.append(plain(text, at, one.start))
        if one.text:
            views.append(fresh_view(one))
        at = max(at, one.end)
    return tuple(views)


def plain(text: str, start: int, end: int) -> SentenceView:
    """Return a stretch without tags."""
    part = text[start:end]
    return SentenceView(
        public_id="", start=start, end=end, text=part, before="", pieces=(Piece(text=part, stage=None),), tags=()
    )


def fresh_view(one: SentenceTags) -> SentenceView:
    """Return a sentence straight from the tagger; the mirror has room for its strongest stage."""
    strongest = sorted(one.tags, key=lambda tag: -tag.confidence)[:1]
    return SentenceView(
        public_id="",
        start=one.start,
        end=one.end,
        text=one.text,
        before="",
        pieces=pieces(one.text, [(tag.start, tag.end, tag.stage) for tag in strongest]),
        tags=tuple(
            TagView(
                public_id="", stage=tag.stage, start=tag.start, end=tag.end, confidence=tag.confidence, rule=tag.rule,
                origin=TagOrigin.MACHINE, state=TagState.PROPOSED, proposed_stage="", facets=tuple(one.facets),
                channel=(), cancel_reason=(), anxiety_kind=(),
            )
            for tag in strongest
        ),
    )  # fmt: skip
