"""Anchoring and the shapes pages get: pure."""

from hypothesis import given
from hypothesis import strategies as st

from app.language.codebook import Stage
from app.language.schemas import SentenceTags, StageTag
from app.tagging.anchoring import match_sentences, move_span
from app.tagging.views import live_spans, pieces

SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.sampled_from(Stage)), max_size=5)


def test_unchanged_sentences_keep_their_place_when_others_come_and_go() -> None:
    assert match_sentences(["A。", "B。", "C。"], ["B。", "X。", "C。"]) == [1, None, 2]
    assert match_sentences(["あいうえお。", "かきくけこ。"], ["かきくけこ。", "あいうえお。"]) == [1, 0]
    assert match_sentences(["写真を見て思いました。"], ["あの写真を見て思いました。"]) == [0]
    assert match_sentences(["写真を見て思いました。"], ["値段です。"]) == [None]
    assert match_sentences(["同じ。", "同じ。"], ["同じ。", "同じ。", "同じ。"]) == [0, 1, None]


def test_evidence_is_found_again_nearest_to_where_it_was() -> None:
    assert move_span("あ、安い。", "とても安い、安い。", 2, 4) == (3, 5)
    assert move_span("安い。", "高い。", 0, 2) is None
    assert move_span("安い。", "安い。", 0, 0) == (0, 0)


@given(text=st.text(max_size=12), spans=SPANS)
def test_pieces_hold_the_whole_sentence(text: str, spans: list[tuple[int, int, Stage]]) -> None:
    assert "".join(piece.text for piece in pieces(text, spans)) == text


def test_overlapping_evidence_is_underlined_once() -> None:
    found = pieces("テレビで見てすぐ", [(0, 6, Stage.AWARENESS), (4, 8, Stage.CONSIDERATION)])
    assert [(piece.text, piece.stage) for piece in found] == [
        ("テレビで見て", Stage.AWARENESS), ("すぐ", Stage.CONSIDERATION),
    ]  # fmt: skip


def test_live_spans_hold_the_whole_answer_with_its_blanks() -> None:
    text = "\n はい。 母からです。 まだ途中"
    tag = StageTag(stage=Stage.AWARENESS, confidence=0.9, start=0, end=4)
    said = text.index("母")
    spans = live_spans(text, [SentenceTags(start=said, end=said + 6, text="母からです。", tags=(tag,))])
    assert "".join(span.text for span in spans) == text
    assert [bool(span.tags) for span in spans] == [False, True, False]
