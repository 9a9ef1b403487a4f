"""Facets and details of a tagged sentence, by cue lists from the codebook."""

from collections.abc import Sequence

from app.language.codebook import AnxietyKind, CancelReason, Channel, Facet, Stage
from app.language.cue_files import load_details
from app.language.schemas import SentenceInput, SentenceTags, StageTag
from app.language.script import fold

MEDIA_OF_PERSON = frozenset(
    {Channel.INSTAGRAM, Channel.X, Channel.YOUTUBE, Channel.TIKTOK, Channel.FACEBOOK, Channel.SNS_OTHER}
)


def matching(detail: str, text: str, lang: str) -> list[str]:
    """Return the values of a detail whose cues stand in the (folded) text, in file order."""
    return [value for value, pattern in load_details(lang)[detail] if pattern.search(text)]


def details_of(sentence: SentenceInput, tags: tuple[StageTag, ...]) -> SentenceTags:
    """Return a sentence with its tags, facets and the details its stages ask for; offsets are of the sentence."""
    text = fold(sentence.text)
    stages = {tag.stage for tag in tags}
    return SentenceTags(
        start=0,
        end=len(sentence.text),
        text=sentence.text,
        tags=tags,
        facets=facets_of(text, sentence.lang) if tags else (),
        channel=channels_of(text, sentence.lang) if Stage.AWARENESS in stages else (),
        cancel_reason=cancel_reasons_of(text, sentence.lang) if Stage.CHURN_REASON in stages else (),
        anxiety_kind=anxiety_kinds_of(text, sentence.lang) if Stage.ANXIETY in stages else (),
    )


def facets_of(text: str, lang: str) -> tuple[Facet, ...]:
    """Return what kinds of things a sentence says."""
    return tuple(Facet(value) for value in matching("facets", text, lang))


def channels_of(text: str, lang: str) -> tuple[Channel, ...]:
    """Return where they learned of it."""
    return settled_channels([Channel(value) for value in matching("channel", text, lang)])


def settled_channels(found: Sequence[Channel]) -> tuple[Channel, ...]:
    """Return the channels; a named influencer wins over the medium, anything over not stated."""
    if Channel.INFLUENCER in found:
        found = [channel for channel in found if channel not in MEDIA_OF_PERSON]
    return tuple(channel for channel in found if channel is not Channel.NOT_STATED) or (Channel.NOT_STATED,)


def cancel_reasons_of(text: str, lang: str) -> tuple[CancelReason, ...]:
    """Return why they stopped."""
    return settled_reasons([CancelReason(value) for value in matching("cancel_reason", text, lang)])


def settled_reasons(found: Sequence[CancelReason]) -> tuple[CancelReason, ...]:
    """Return the reasons; any wins over not stated."""
    return tuple(reason for reason in found if reason is not CancelReason.NOT_STATED) or (CancelReason.NOT_STATED,)


def anxiety_kinds_of(text: str, lang: str) -> tuple[AnxietyKind, ...]:
    """Return whether the worry could be shown away; unclear worries count as invisible."""
    found = tuple(AnxietyKind(value) for value in matching("anxiety_kind", text, lang))
    return found or (AnxietyKind.INVISIBLE,)
