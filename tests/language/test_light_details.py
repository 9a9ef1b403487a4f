"""Details by the trained model: channels, reasons and worries said in other words than the cue lists know."""

from pathlib import Path

import numpy as np
import pytest

from app.language.codebook import CancelReason, Channel, Stage
from app.language.details import details_of, settled_channels, settled_reasons
from app.language.light.details import COLUMNS, FILE, ROWS, VALUES, DetailsModel, LightDetails
from app.language.light.features import read
from app.language.pipeline import Pipeline, load_pipeline
from app.language.schemas import SentenceInput, SentenceTags, StageTag
from app.language.training.details import read_told, train_details
from tests.support.report import ROOT

CORPUS = ROOT / "seed_data" / "tagger" / "train.jsonl"
A, X, H, E = Stage.AWARENESS, Stage.ANXIETY, Stage.CHURN_REASON, Stage.EXPERIENCE


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return load_pipeline()


@pytest.fixture(scope="module")
def details(pipeline: Pipeline) -> LightDetails:
    return LightDetails(DetailsModel.load(FILE), pipeline.vector)


def tags(*stages: Stage) -> tuple[StageTag, ...]:
    return tuple(StageTag(stage, 0.9, 0, 1) for stage in stages)


@pytest.fixture(scope="module")
def found(pipeline: Pipeline, details: LightDetails) -> "Found":
    return Found(pipeline, details)


class Found:
    def __init__(self, pipeline: Pipeline, details: LightDetails) -> None:
        self.pipeline, self.details = pipeline, details

    def __call__(self, text: str, *stages: Stage, lang: str = "ja") -> SentenceTags:
        return self.details.of(
            SentenceInput(text=text, lang=lang), read(text, self.pipeline.tokens(text, lang)), tags(*stages)
        )


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("フォローしてる料理家さんがインスタで紹介してて知りました", "influencer"),
        ("朝の番組で特集されてたのを見たのが最初です", "tv"),
        ("妹が「これいいよ」って教えてくれました", "word_of_mouth"),
    ],
)
def test_channels(found: Found, text: str, channel: str) -> None:
    assert found(text, A).channel == (channel,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("余ってきたので解約しました", "surplus"),
        ("毎月この値段を払うのは厳しくて", "price"),
        ("半年使ったけど何も変わらなかったので", "no_effect_or_unfit"),
    ],
)
def test_reasons_to_stop(found: Found, text: str, reason: str) -> None:
    assert reason in found(text, H).cancel_reason


def test_kinds_of_worry(found: Found) -> None:
    assert found("定期の縛りがあるんじゃないかと不安でした", X).anxiety_kind == ("visible",)
    assert found("家族に笑われるんじゃないかと思って", X).anxiety_kind == ("invisible",)


def test_details_are_given_only_with_their_stage_and_each_stage_has_one(found: Found) -> None:
    text = "母から聞いて、高いかと不安で、余って解約しました"
    assert found(text) == SentenceTags(start=0, end=len(text), text=text)
    only = found(text, E)
    assert only.facets
    assert (only.channel, only.cancel_reason, only.anxiety_kind) == ((), (), ())
    every = found("ええと、それです。", A, H, X)
    assert every.channel
    assert every.cancel_reason
    assert every.anxiety_kind


def test_the_cues_of_a_detail_speak_for_no_other() -> None:
    cues = DetailsModel.load(FILE).read[-len(VALUES) :]
    assert np.abs(cues).max() > 0
    for detail, columns in COLUMNS.items():
        others = [column for other, held in COLUMNS.items() if other != detail for column in held]
        assert not cues[np.ix_(others, columns)].any()


def test_what_is_named_wins_over_not_stated_and_a_person_over_the_medium() -> None:
    assert settled_channels([Channel.INSTAGRAM, Channel.INFLUENCER]) == (Channel.INFLUENCER,)
    assert settled_channels([Channel.TV, Channel.NOT_STATED]) == (Channel.TV,)
    assert settled_channels([]) == (Channel.NOT_STATED,)
    assert settled_reasons([CancelReason.PRICE, CancelReason.NOT_STATED]) == (CancelReason.PRICE,)
    assert settled_reasons([]) == (CancelReason.NOT_STATED,)


@pytest.mark.parametrize(
    ("text", "stage", "lang", "name", "value"),
    [
        ("顔は知らないけどフォロワーの多い人の投稿で", A, "ja", "channel", "influencer"),
        ("荷物に挟まってた割引の紙で", A, "ja", "channel", "flyer_catalog"),
        ("画面の下に出てくる広告で", A, "ja", "channel", "web_ad"),
        ("新聞の広告で見ました", A, "ja", "channel", "magazine_newspaper"),
        ("図書館で借りた本の後ろに載ってて", A, "ja", "channel", "book"),
        ("再入荷をずっと待ってたけど", H, "ja", "cancel_reason", "unavailable"),
        ("途中で中身が変わったみたいで", H, "ja", "cancel_reason", "quality_change"),
        ("つわりで匂いがだめになって", H, "ja", "cancel_reason", "health"),
        ("みんなに笑われないかと", X, "ja", "anxiety_kind", "invisible"),
        ("There was a coupon in with my order.", A, "en", "channel", "flyer_catalog"),
        ("I still have six boxes in the pantry.", H, "en", "cancel_reason", "surplus"),
        ("People would laugh at me.", X, "en", "anxiety_kind", "invisible"),
    ],
)
def test_cue_lists_know_common_wordings(text: str, stage: Stage, lang: str, name: str, value: str) -> None:
    assert getattr(details_of(SentenceInput(text=text, lang=lang), tags(stage)), name) == (value,)


def test_the_same_sentences_give_the_same_weights_and_a_file_keeps_them(tmp_path: Path, pipeline: Pipeline) -> None:
    source, target = tmp_path / "few.jsonl", tmp_path / "details.npz"
    source.write_text("\n".join(CORPUS.read_text("utf-8").splitlines()[::12]), "utf-8")
    one, other = (train_details(read_told([source], pipeline.tokens, pipeline.vector)) for _ in range(2))
    assert one.read.shape == (ROWS, len(VALUES))
    assert np.array_equal(one.read, other.read)
    one.save(target)
    assert np.allclose(DetailsModel.load(target).read, one.read, atol=0.01)
