"""Rows of UTF-8 inside a file of Shift_JIS are held back, whether their bytes are letters there or none."""

import pytest

from app.purchases.files.opening.encodings import ladder
from app.purchases.files.rows.garbled import is_garbled
from tests.purchases.build import Shop, row, text_of

UTF_8 = "The row is written in UTF-8, the rest of the file in Shift_JIS: its letters cannot be read."
NAMES = (
    "美容液", "化粧水", "お試しセット", "石けん", "薬用クレンジングオイル", "定期便 美容液", "シャンプー(詰替)", "頭皮ケア", "青汁", "母の日ギフト",
)  # fmt: skip


def mixed(*, every: int = 7, count: int = 140) -> tuple[bytes, set[int]]:
    """Return a file whose rows alternate through many names, and the lines that are written in UTF-8."""
    first, *rows = text_of(
        *(row(order=str(n), customer=f"c{n % 5}", name=NAMES[n % len(NAMES)] + "①" * (n % 3)) for n in range(count))
    ).splitlines(keepends=True)
    strange = {n for n in range(count) if n % every == 3}
    lines = [line.encode("utf-8" if n in strange else "cp932") for n, line in enumerate(rows)]
    return first.encode("cp932") + b"".join(lines), {n + 2 for n in strange}


@pytest.mark.parametrize("options", [{}, {"encoding": "cp932"}])
def test_the_few_rows_of_utf_8_in_a_file_of_shift_jis_are_held_back(shop: Shop, options: dict[str, object]) -> None:
    data, strange = mixed(every=100, count=400)
    public_id, held = shop.check(data, options=options)
    assert {(one.line, one.reason) for one in held} == {(line, UTF_8) for line in strange}
    assert shop.report(public_id).taken == 400 - len(strange)


def test_each_of_these_names_is_told_from_shift_jis() -> None:
    read = [name.encode().decode("cp932", "replace") for name in NAMES]
    assert [name for name, text in zip(NAMES, read, strict=True) if not is_garbled(text)] == []
    assert not any(map(is_garbled, NAMES))
    assert not any(
        map(is_garbled, ("ﾌｪｲｽｸﾘｰﾑ", "髙﨑①㈱~－", "繁栄堂", "縞の鞄", "ABC-1", "", "薔薇の雫", "驛前店", "齋藤"))
    )


def test_letters_lost_in_a_name_alone_hold_the_row_back(shop: Shop) -> None:
    rows = "".join(f"{n},c{n},2026-01-05,A,1,100,山田\n" for n in range(60))
    data = ("注文番号,顧客ID,注文日,商品コード,数量,単価,氏名\n" + rows).encode("cp932")
    data += "60,c60,2026-01-05,A,1,100,瑠璃子".encode() + "\n61,c61,2026-01-05,A,1,100,山田\n".encode("cp932")
    _, held = shop.check(data)
    assert [(one.line, one.reason) for one in held] == [(62, UTF_8)]


def test_a_file_that_is_neither_is_refused_as_before(shop: Shop) -> None:
    rows = text_of(*(row(order=str(n)) for n in range(50))).encode("cp932")
    public_id, _ = shop.check(rows + b"51,c1,2026-01-05,A,caf\xe9,1,1000,x\n")
    assert shop.run(public_id).error_params["code"] == "encoding_unreadable"


def test_rows_of_utf_8_may_stand_close_together_at_the_beginning() -> None:
    head = "注文番号,顧客ID,氏名\n".encode("cp932")
    strange, plain = "1,c1,瑠璃子\n".encode(), "1,c1,山田\n".encode("cp932")
    assert ladder(head + strange * 6_000 + plain * 400_000) == ("cp932",)
    assert "cp932" not in ladder(b"number,customer,name\n" + strange * 6_000)
