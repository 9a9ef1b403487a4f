"""Which columns of a member file are taken for what; further ones are kept only where they say nothing too personal."""

import pytest

from app.purchases.other import member_columns as mc
from app.purchases.other import telling
from app.purchases.other.attributes import AttributeCount, ValueCount

HEADERS = (
    "会員ID",
    "お名前(姓)",
    "お名前(名)",
    "メールアドレス",
    "性別",
    "生年月日",
    "都道府県",
    "職業",
    "メルマガ可否",
    "週の使用回数",
    "ご意見",
    "肌質",
)


def rows(count: int = 60) -> list[list[str]]:
    return [
        [str(n), "山田", "花子", f"a{n}@example.jp", "女性", "1985-03-02", "東京", "会社員", "可", str(n % 7), f"使ってみて思ったことを長く書いた文章その{n}です", "乾燥肌"]
        for n in range(count)
    ]  # fmt: skip


def test_known_columns_and_further_ones() -> None:
    columns = mc.propose_columns(HEADERS, rows())
    assert columns["customer_key"] == "会員ID"
    assert columns["customer_name"] == "お名前(姓) + お名前(名)"
    assert columns["mail_refused"] == "メルマガ可否"
    assert columns["attribute:週の使用回数"] == "週の使用回数"
    assert columns["attribute:肌質"] == "肌質"
    assert columns["drop:ご意見"] == "ご意見"
    assert not mc.SPEC.knows("colour")


@pytest.mark.parametrize(
    ("header", "cells", "why"),
    [
        ("予備1", ["a@example.jp"] * 5 + ["x"] * 5, telling.PERSONAL),
        ("予備1", ["090-1234-5678"] * 9, telling.PERSONAL),
        ("予備1", ["100-0001"] * 9, telling.PERSONAL),
        ("予備1", ["佐藤 花子", "鈴木 一郎"] * 9, telling.PERSONAL),
        ("予備1", ["港区芝公園4-2-8", "青森市長島1"] * 9, telling.PERSONAL),
        ("勤務先住所", ["x"], telling.PERSONAL),
        ("携帯", [""], telling.PERSONAL),
        ("持病", ["なし"], telling.SENSITIVE),
        ("購入回数", ["3"], telling.FIGURES),
        ("職業(ID)", ["3"], telling.CODES),
        ("予備1", [f"K{n:05}" for n in range(40)], telling.CODES),
        ("入会", ["2024-01-02", "2024/3/4 10:00"], mc.DAYS),
        ("予備1", [], mc.EMPTY),
        ("スタッフメモ", ["x"], telling.FREE_TEXT),
        ("週の使用回数", ["7回", "3回"], ""),
        ("点数", [str(n) for n in range(60)], ""),
        ("満足度", ["とても満足", "やや満足"], ""),
        ("会員ランク", ["ゴールド"], ""),
    ],
)
def test_what_is_proposed_for_a_further_column(header: str, cells: list[str], why: str) -> None:
    (found,) = mc.judge(("会員ID", header), {"customer_key": "会員ID"}, [["1", cell] for cell in cells])
    assert found.why == why
    assert found.kept is (why == "")


def test_what_a_person_chose_is_remembered_and_new_columns_are_proposed() -> None:
    columns = mc.with_further(mc.propose_columns(HEADERS, rows()), HEADERS, ["ご意見"])
    assert "attribute:ご意見" in columns
    assert "drop:肌質" in columns
    again = (*HEADERS[:-1], "会員ランク")
    later = mc.propose_columns(again, rows(), columns)
    assert "attribute:ご意見" in later
    assert later["attribute:会員ランク"] == "会員ランク"
    assert "drop:肌質" not in later
    shown = {one.header: one for one in mc.further(HEADERS, columns, rows())}
    assert shown["ご意見"].kept
    assert shown["肌質"].why == mc.BY_HAND


def test_member_files_are_told_from_order_files() -> None:
    assert mc.looks_like_members(HEADERS)
    assert not mc.looks_like_members(("注文番号", "会員ID", "性別", "注文日"))
    assert not mc.looks_like_members(("会員ID", "金額"))


def test_an_equals_sign_in_a_header_does_not_reach_names() -> None:
    columns = mc.propose_columns(("会員ID", "満足=度"), [["1", "高い"]])
    assert columns["attribute:満足 度"] == "満足=度"


@pytest.mark.parametrize(
    ("name", "values", "personal"),
    [
        ("氏名", ["山田太郎"], True),
        ("既往歴", ["なし", "あり"], True),
        ("ご要望メモ", ["なし"], True),
        ("担当", ["山田 花子", "佐藤 次郎", "なし"], True),
        ("連絡", ["a@example.jp", "電話"], True),
        ("ひとこと", ["とても気に入っていて毎日朝と夜に使っています", "なし"], True),
        ("週の使用回数", ["1回", "2〜3回", "毎日"], False),
        ("肌質", ["乾燥肌", "混合肌", "脂性肌"], False),
        ("きっかけ", ["友人の紹介", "雑誌", "店頭"], False),
    ],
)
def test_attributes_that_tell_who_somebody_is_choose_nobody(name: str, values: list[str], personal: bool) -> None:
    assert telling.personal(name, values) is personal
    assert AttributeCount(name, tuple(ValueCount(one, 1, 0.1) for one in values), 1, 0).personal is personal
