"""The codebook's own examples and hard cases, and every cue's example."""

import pytest

from app.language.codebook import Stage
from app.language.cue_files import Cue, load_cues, load_details
from app.language.rules import hits
from app.language.schemas import SentenceInput, SentenceTags
from app.language.tagger import RuleTagger

CUES = [(lang, cue) for lang in ("ja", "en") for cue in load_cues(lang)]
P, A, C, X, R, E, L, H, O = Stage  # noqa: E741 - the nine in journey order


def tagged(text: str, question: str = "", customer: str = "loyal", lang: str = "ja") -> SentenceTags:
    given = SentenceInput(text=text, question=question, customer=customer, lang=lang)
    return RuleTagger().tag([given])[0]


def stages(text: str, question: str = "", customer: str = "loyal", lang: str = "ja") -> set[Stage]:
    return {tag.stage for tag in tagged(text, question, customer, lang).tags}


@pytest.mark.parametrize(("lang", "cue"), CUES, ids=[cue.id for _, cue in CUES])
def test_every_cue_fires_on_its_example(lang: str, cue: Cue) -> None:
    question = min(cue.questions, default="")
    customer = {"stopped": "churned", "staying": "loyal"}.get(cue.customers, "")
    found = hits(cue.example, lang=lang, question=question, customer=customer)
    assert cue.id in {hit.cue.id for hit in found}


def test_cue_ids_are_unique_and_details_load() -> None:
    ids = [cue.id for _, cue in CUES]
    assert len(ids) == len(set(ids))
    assert set(load_details("ja")) == set(load_details("en"))


HARD_CASES = [
    ("rule 3", "友達に勧められて買った", "q2", "loyal", {A, R}),
    ("rule 5 going on", "もう少し安ければ続けたい", "q6", "loyal", {E}),
    ("rule 17", "戻ります", "c2", "lapsed", {L}),
    ("rule 20", "今は別のを使っています", "c1", "churned", {H, O}),
    ("rule 1", "テレビで見て、初回980円だったからすぐ買いました", "q2", "loyal", {A, R, C}),
    ("rule 2", "べたつくかと心配でしたが全然でした", "q4", "loyal", {X, E}),
    ("rule 4", "友達にすすめました", "q6", "loyal", {L}),
    ("rule 5 stopped", "もう少し安ければ続けたい", "c2", "churned", {H}),
    ("rule 7", "母からです", "q2", "loyal", {A}),
    ("rule 9", "去年やめました", "c1", "churned", {H}),
    ("rule 12", "解約が面倒でそのままです", "q6", "loyal", {E}),
    ("rule 15", "買わなかったらまた病院通いだったと思います", "q4", "loyal", {X}),
]


@pytest.mark.parametrize(
    ("name", "text", "question", "customer", "right"), HARD_CASES, ids=[row[0] for row in HARD_CASES]
)
def test_hard_cases_of_the_codebook(name: str, text: str, question: str, customer: str, right: set[Stage]) -> None:
    del name
    assert right <= stages(text, question, customer)


@pytest.mark.parametrize(
    ("text", "question", "absent"),
    [
        ("CMは見たことないです", "q2", A),
        ("悩みはなかったです", "q1", P),
        ("不安は特になかったですね", "q4", X),
        ("特に思いつかないですね", "q7", O),
        ("インスタ…いや違う、姉に聞きました", "", P),
        ("友達に勧められました", "q2", L),
        ("別にやめたわけじゃないんです", "c1", H),
        ("もう少し安ければ続けたい", "q6", L),
    ],
)
def test_denied_or_turned_round_is_not_tagged(text: str, question: str, absent: Stage) -> None:
    assert absent not in stages(text, question)


@pytest.mark.parametrize(
    "text", ["はい。", "そうですね、うーん。", "よろしくお願いします。", "ありがとうございます", "えっと、なんだっけ"]
)
@pytest.mark.parametrize("question", ["q1", "q6", "c1"])
def test_greetings_and_back_channels_have_no_stage(text: str, question: str) -> None:
    assert stages(text, question) == set()


def test_a_sentence_off_the_question_gets_its_own_stage() -> None:
    assert stages("妹にもすすめたし、いまは母の分も頼んでます", "q6") == {L}
    assert A in stages("たまたまインスタで見て知ったんですけど", "q5")


def test_evidence_is_a_span_of_the_sentence_shorter_than_it() -> None:
    one = tagged("正直迷ったんですけど、会社の先輩に教えてもらったので安心で", "q2")
    tag = next(tag for tag in one.tags if tag.stage is A)
    assert one.text[tag.start : tag.end].startswith("会社の先輩に教えて")
    assert tag.rule == "ja.awareness.told"


def test_details_follow_the_stage() -> None:
    assert tagged("フォローしてる料理家さんがインスタで紹介してて知りました", "q2").channel == ("influencer",)
    assert tagged("余ってきたので解約しました", "c1", "churned").cancel_reason == ("surplus",)
    assert tagged("去年やめました", "c1", "churned").cancel_reason == ("not_stated",)
    assert tagged("定期の縛りがあるんじゃないかと不安でした", "q4").anxiety_kind == ("visible",)
    assert tagged("本当に効くのか不安でした", "q4").anxiety_kind == ("invisible",)


def test_english_cues_work_without_a_question() -> None:
    assert stages("I saw it on Instagram and bought it right away.", lang="en") == {A, C}
    assert stages("I wasn't really worried.", "q4", lang="en") == set()
