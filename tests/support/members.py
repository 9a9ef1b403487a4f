"""A small member file beside the orders of the test world, with names that must never leak."""

import csv
import io

HEADER = [
    "会員ID",
    "お名前(姓)",
    "お名前(名)",
    "メールアドレス",
    "TEL",
    "性別",
    "生年月日",
    "都道府県",
    "職業",
    "メルマガ可否",
    "週の使用回数",
    "ご意見",
]
JOBS = ("会社員", "主婦・主夫", "自営業", "学生")
PREFECTURES = ("東京都", "神奈川県", "大阪府", "青森県")


def member_file(members: int = 60, *, encoding: str = "cp932") -> bytes:
    """Return a file about the first customers of `orders.order_file`, and two without orders."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(member_row(index) for index in [*range(members), 9001, 9002])
    return text.getvalue().encode(encoding)


def member_row(index: int) -> list[str]:
    return [
        f"CAN7{index:04}",
        f"金糸雀{index:03}",
        "花子",
        f"canary-{index:03}@example.invalid",
        f"090-7711-{index:04}",
        "男性" if index % 5 == 0 else "女性",
        f"{1950 + index % 50}/0{1 + index % 9}/11",
        PREFECTURES[index % 17 % 4],
        JOBS[index % 4],
        "不可" if index % 7 == 0 else "可",
        f"{1 + index % 7}回",
        f"金糸雀{index}の意見です。カナリヤのように長く書かれた自由記入の文章",
    ]
