"""Names of one product: what is the same thing, and what only looks like it."""

import pytest

from app.purchases.catalogue.names import Named, Proposal, base, family_name, proposals, slip, spelled


def product(name: str, *, code: str = "", orders: int = 1, family: str = "", source: str = "shop") -> Named:
    return Named((source, code, "" if code else name), name, orders, family)


def groups(*names: str) -> list[set[str]]:
    found = proposals([product(name, code=f"C{at}") for at, name in enumerate(names)])
    return [{member.name for member in one.members} for one in found]


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("【定期便】白つゆ 美容液 30mL", "白つゆ 美容液"),
        ("白つゆ美容液(詰替用)", "白つゆ美容液"),
        ("白つゆ 美容液 お試しセット", "白つゆ 美容液"),
        ("白つゆ 美容液 3本セット", "白つゆ 美容液"),
        ("白つゆ 美容液 30mL×2", "白つゆ 美容液"),
        ("【初回限定】白つゆ 美容液 トライアル 7日分", "白つゆ 美容液"),
        ("Serum Mizu 30ml (Refill)", "Serum Mizu"),
        ("Serum Mizu - Trial", "Serum Mizu"),
        ("定期便", "定期便"),
        ("季節の3点セット", "季節の3点セット"),
        ("春のセット", "春のセット"),
        ("白つゆ美容液の詰替用", "白つゆ美容液"),
        ("30mL", "30mL"),
        ("クリーム(しっとり)", "クリーム(しっとり)"),
        ("【しっとり】化粧水", "【しっとり】化粧水"),
    ],
)
def test_a_family_is_named_without_how_it_is_sold(name: str, family: str) -> None:
    assert family_name(name) == family


def test_width_case_and_spaces_do_not_matter() -> None:
    assert spelled("ビタミンＣ　ｾﾗﾑ") == spelled("ビタミンc セラム")
    assert base("白つゆ 美容液30ML") == base("【定期】白つゆ美容液 30mL")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("クリーム(しっとり)", "クリーム(さっぱり)"),
        ("化粧水 タイプA", "化粧水 タイプB"),
        ("化粧水 I", "化粧水 II"),
        ("口紅 101", "口紅 102"),
        ("朝用クリームひかり", "夜用クリームひかり"),
        ("RED HANGING HEART LIGHT HOLDER", "WHITE HANGING HEART LIGHT HOLDER"),
        ("美容液", "化粧水"),
        ('LETTER "A" BLING KEY RING', 'LETTER "J" BLING KEY RING'),
        ("12 PENCIL SMALL TUBE WOODLAND", "12 PENCILS TALL TUBE WOODLAND"),
        ("石けん", "石鹸"),
    ],
)
def test_other_products_stay_apart(one: str, other: str) -> None:
    assert groups(one, other) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("モイスチャークリーム", "モイスチャクリーム"),
        ("モイスチャークリーム", "モイスチャーグリーム"),
        ("ASSORTED BIRD ORNAMENT", "ASSORTED BIRD ORNAMENTS"),
        ("あまみず 美容液 30mL", "【定期】あまみず 美容液"),
    ],
)
def test_the_same_product_is_proposed(one: str, other: str) -> None:
    assert groups(one, other) == [{one, other}]


def test_a_slip_is_one_letter_in_a_long_name() -> None:
    assert slip("assortedbirdornament", "assortedbirdornamant")
    assert not slip("化粧水タイプaしっとり", "化粧水タイプbしっとり")
    assert not slip("abcdef", "uvwxyz")


def one_proposal(*products: Named) -> Proposal:
    (found,) = proposals(products)
    return found


def test_free_text_names_become_aliases_of_the_product_most_ordered() -> None:
    main = product("白つゆ 美容液", orders=9)
    other = product("白つゆ美容液", orders=2)
    trial = product("白つゆ美容液 トライアル", orders=5)
    found = one_proposal(other, main, trial)
    assert found.aliases == {other.key: main.key}
    assert [member.key for member in found.members] == [main.key, trial.key, other.key]
    assert (found.family, found.why) == ("白つゆ 美容液", "sold_as")


def test_a_product_with_a_code_is_never_an_alias() -> None:
    coded = product("白つゆ美容液", code="S1", orders=1)
    free = product("白つゆ 美容液", orders=50)
    other = product("白つゆ 美容液", code="S2", orders=3)
    assert one_proposal(coded, free, other).aliases == {free.key: other.key}


def test_spellings_of_other_shops_are_no_aliases() -> None:
    found = one_proposal(product("白つゆ 美容液"), product("白つゆ美容液", source="mall"))
    assert (found.aliases, found.why) == ({}, "spelling")


def test_equal_names_are_not_said_to_differ() -> None:
    shops = one_proposal(product("白つゆ 美容液", code="S1"), product("白つゆ 美容液", code="S1", source="mall"))
    assert (shops.why, shops.sources) == ("source", ("mall", "shop"))
    codes = one_proposal(product("白つゆ 美容液", code="S1"), product("白つゆ 美容液", code="S2"))
    assert codes.why == "code"


def test_what_is_one_family_already_is_not_proposed_again() -> None:
    same = [product("美容液 30mL", code="1", family="つゆ"), product("美容液 詰替用", code="2", family="つゆ")]
    assert proposals(same) == ()
    differing = [product("美容液 30mL", code="1", family="つゆ"), product("美容液 詰替用", code="2", family="別")]
    assert proposals(differing) == ()
    half = [product("美容液 30mL", code="1", family="つゆ"), product("美容液 詰替用", code="2")]
    assert one_proposal(*half).family == "つゆ"


def test_the_same_proposal_has_the_same_id_in_any_order() -> None:
    first, second = product("美容液 30mL", code="1", orders=3), product("美容液 詰替用", code="2")
    assert one_proposal(first, second).id == one_proposal(second, first).id


def test_four_thousand_names_are_compared_in_a_moment() -> None:
    many = [product(f"SMALL {at % 97} PAINTED WOODEN BOX NUMBER {at}", code=str(at)) for at in range(4000)]
    assert proposals(many) == ()
