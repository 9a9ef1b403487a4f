from datetime import date

from app.candidates.cards.reasons import Rarity, reasons, stop_label
from app.candidates.sentences import say
from app.core.i18n import translator
from app.purchases.classes import CustomerClass
from tests.candidates.build import AS_OF, a_customer, stopped

JA = translator("ja")


def in_japanese(customer, rarity=None, **more):
    return [say(one, JA) for one in reasons(customer, rarity, **more)]


def test_a_loyal_customer_within_the_own_pace():
    assert in_japanese(a_customer()) == [
        "12回・3年2か月・累計18.3万円。",
        "直近も自分のペース(平均31日)の内にいます。",
    ]


def test_a_loyal_customer_who_is_late():
    said = in_japanese(a_customer(days_since_last=80))
    assert said[1] == "最後の注文から80日で、自分のペース(平均31日)より間があいています。"


def test_a_cancelled_subscription_is_named_with_its_number():
    said = in_japanese(a_customer(customer_class=CustomerClass.CHURNED, orders=5, stop_point=stopped(4)))
    assert "白つゆ美容液の定期4回で解約。" in said


def test_a_lapsed_customer_hears_how_long_it_has_been():
    customer = a_customer(
        customer_class=CustomerClass.LAPSED, days_since_last=97, stop_point=stopped(2, kind="single", ending="stopped")
    )
    said = in_japanese(customer)
    assert said[1:] == ["白つゆ美容液の単品2回で止まっています。", "最後の注文から97日(自分のペースは平均31日)。"]


def test_one_order_is_not_an_interval():
    one = a_customer(
        customer_class=CustomerClass.LAPSED, orders=1, mean_gap_days=None, days_since_last=112, amount="980",
        first_order_on=AS_OF,
    )  # fmt: skip
    assert in_japanese(one) == ["1回・¥980。", "最後の注文から112日。"]


def test_several_orders_on_one_day_have_no_span():
    one = a_customer(orders=2, mean_gap_days=0.0, first_order_on=date(2026, 11, 11), days_since_last=9)
    assert in_japanese(one)[0] == "同じ日に2回・累計18.3万円。"


def test_a_rare_cell_is_said_and_marked():
    found = reasons(a_customer(), Rarity(people=3, taken=0))
    assert say(found[-1], JA) == "初回の商品と販売経路が同じロイヤルの方は、店に3人だけです。"
    assert found[-1].strong


def test_a_large_cell_nobody_was_heard_of_is_said():
    assert (
        in_japanese(a_customer(), Rarity(people=612, taken=0))[-1]
        == "初回の商品と販売経路が同じロイヤル612人には、まだだれにも聞いていません。"
    )


def test_a_large_cell_somebody_was_heard_of_says_nothing_more():
    assert len(in_japanese(a_customer(), Rarity(people=612, taken=1))) == 2


def test_super_loyal_and_by_hand_are_said():
    said = in_japanese(a_customer(super_loyal=True), by_hand=True)
    assert "超ロイヤル(直近の金額が店の上位)です。" in said
    assert said[-1] == "調査担当が選んだ方です。"


def test_a_stop_point_in_the_short_form():
    assert say(stop_label(stopped(4)), JA) == "定期4回→解約"
    assert say(stop_label(stopped(1, kind="trial", ending="stopped")), JA) == "トライアル1回→離反"


def test_a_file_without_products_and_channels_claims_nothing_about_them():
    bare = a_customer(first_product="", sales_channel="")
    assert len(in_japanese(bare, Rarity(people=3, taken=0))) == 2
    stop = stopped(2, kind="single", ending="stopped")
    gone = a_customer(first_product="", sales_channel="", customer_class=CustomerClass.CHURNED, stop_point=stop)
    assert in_japanese(gone, Rarity(people=3, taken=0))[-1] == "離脱点が同じ離反の方は、店に3人だけです。"
