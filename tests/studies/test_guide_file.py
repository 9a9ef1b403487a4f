import pytest

from app.language.codebook import Stage
from app.purchases.classes import CustomerClass
from app.studies.guide_file import (
    GUIDES_DIR,
    fill_product,
    hypothesis_templates,
    parse_guide,
    questions_for,
    read_toml,
    stop_templates,
)
from app.studies.schemas import Ask, PointsAt

SEVEN = [
    "商品を買う前に、どんなことで悩んでいましたか?",
    "何でこの商品を知りましたか?",
    "(商品名)を知ってすぐに購入しましたか?",
    "もし購入しなかったとしたら、どんなことが不安になりましたか?",
    "いろいろな商品がある中で、何が決め手となってこの商品を購入しましたか?",
    "実際に使ってみていかがですか?",
    "他の商品やサービスで印象に残っているのはどんな商品・サービスでしたか?",
]
TWO_MORE = ["買わなくなった(やめた)のはどうしてですか?", "どうだったら続けていましたか?"]
STAGES = ["problem", "awareness", "consideration", "anxiety", "purchase_reason", "experience", "other_product"]


@pytest.fixture
def guide():
    return parse_guide(read_toml(GUIDES_DIR / "standard.toml"))


def test_the_questions_stand_word_for_word(guide):
    assert [question.text for question in questions_for(guide, CustomerClass.LOYAL, "(商品名)")] == SEVEN
    assert [question.text for question in questions_for(guide, CustomerClass.CHURNED, "(商品名)")] == SEVEN + TWO_MORE


def test_lapsed_and_churned_customers_are_asked_two_more(guide):
    counts = {one: len(questions_for(guide, one, "x")) for one in CustomerClass}
    assert counts == {
        CustomerClass.LOYAL: 7, CustomerClass.ACTIVE: 7, CustomerClass.NEW: 7,
        CustomerClass.LAPSED: 9, CustomerClass.CHURNED: 9,
    }  # fmt: skip


def test_every_question_has_its_stage_and_none_asks_for_the_trigger(guide):
    assert [question.stage.value for question in guide.questions] == [*STAGES, "churn_reason", "churn_reason"]
    assert Stage.LOYALTY_TRIGGER not in {question.stage for question in guide.questions}


def test_every_question_has_an_intent_and_the_whole_4w1h_in_both_languages(guide):
    for question in guide.questions:
        assert question.intent
        assert question.intent_en
        assert question.text_en
        assert {probe.ask for probe in question.probes if not probe.is_fixed} == set(Ask)
        assert all(probe.text and probe.text_en for probe in question.probes)


def test_the_fixed_probes_of_q6_stand_first_and_light_their_orders(guide):
    q6 = next(question for question in guide.questions if question.id == "q6")
    assert [(probe.text, probe.points_at, probe.min_orders) for probe in q6.probes[:3]] == [
        ("2回目を注文したのは、いつ・何があったときですか?", PointsAt.FIRST_TO_SECOND, 2),
        ("続けようと思ったきっかけは何でしたか?", PointsAt.TURNING, 2),
        ("ほかの人にすすめたことはありますか?", PointsAt.AFTER_TURNING, 2),
    ]
    assert all(probe.is_fixed for probe in q6.probes[:3])
    assert not any(probe.is_fixed for probe in q6.probes[3:])


def test_a_product_name_with_braces_is_only_text():
    assert fill_product("{product}を知って", "{x}{product!r}") == "{x}{product!r}を知って"


def test_templates_know_the_stop_point_they_are_about():
    assert {point: template.slug for point, template in stop_templates().items()} == {
        ("subscription", 1): "subscription_1",
        ("subscription", 4): "subscription_4",
        ("trial", 1): "trial_1",
        ("single", 2): "single_2",
        ("single", 1): "second_order",
    }


def test_hypothesis_templates_speak_both_languages():
    templates = hypothesis_templates()
    assert len(templates) == 8
    assert all(len(template.lines_ja) == len(template.lines_en) >= 1 for template in templates)
