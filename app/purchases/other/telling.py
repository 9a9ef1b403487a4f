"""Attributes that may tell who somebody is, or of health or belief: by their name and by what their values look like. Pure."""

import re
from collections.abc import Sequence

from app.core.i18n import N_
from app.purchases.files.mapping.headers import plain

LONG, SURE = 20, 0.2
PERSONAL_WORDS = (
    "氏名", "名前", "姓", "フリガナ", "ふりがな", "カナ", "メール", "mail", "電話", "tel", "phone", "携帯", "fax", "住所", "番地", "建物",
    "マンション", "address", "street", "市区", "町村", "郵便", "zip", "postal", "生年月日", "誕生日", "birthday", "birthdate", "お届け先", "配送先",
    "line名", "lineid", "アカウント", "account", "password", "パスワード", "カード", "口座", "マイナンバー", "免許", "lastname", "firstname", "url", "ipアドレス",
)  # fmt: skip
SENSITIVE_WORDS = (
    "病",
    "既往",
    "アレルギー",
    "allergy",
    "持病",
    "服薬",
    "妊娠",
    "健康診断",
    "障害",
    "障がい",
    "宗教",
    "信条",
    "国籍",
    "本籍",
    "犯罪",
    "政治",
)
FIGURE_WORDS = (
    "購入回数",
    "購入金額",
    "購入日",
    "注文回数",
    "注文金額",
    "注文数",
    "累計",
    "ポイント",
    "points",
    "totalspent",
    "totalorders",
    "ltv",
)
MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
PHONE = re.compile(r"(\+\d|\(?0)[\d()-]{8,15}")
POSTAL = re.compile(r"〒?\d{3}-\d{4}")
SPACED_NAME = re.compile(r"[一-龥々ヶ]{1,4}[ 　][一-龥々ヶぁ-んァ-ヴー]{1,4}|[ァ-ヴー]{2,6}[ 　][ァ-ヴー]{2,6}")
ADDRESS = re.compile(r".*[都道府県市区町村].*\d.*")
WEB = re.compile(r"https?://.*")
PERSONAL = N_("looks like a name, an address or contact data")
SENSITIVE = N_("may say something of health or belief")
FIGURES = N_("the orders tell this")
CODES = N_("a number or code of the shop's system")
FREE_TEXT = N_("free text, different for nearly everybody")


def by_header(header: str) -> str:
    """Return why a column of this name is left out; empty where the name says nothing against it."""
    name = plain(header)
    if any(plain(word) in name for word in SENSITIVE_WORDS):
        return SENSITIVE
    if any(plain(word) in name for word in PERSONAL_WORDS) or name in {"名", "セイ", "メイ"}:
        return PERSONAL
    if any(plain(word) in name for word in FIGURE_WORDS):
        return FIGURES
    if name.endswith(("(id)", "id", "コード", "番号", "code", "no", "no.")):
        return CODES
    return FREE_TEXT if any(word in name for word in ("メモ", "備考", "memo", "note", "コメント")) else ""


def personal(name: str, values: Sequence[str]) -> bool:
    """Return whether an attribute may tell who somebody is, or of health or belief: its values stand in no address."""
    if by_header(name) in {PERSONAL, SENSITIVE, FREE_TEXT}:
        return True
    shapes = (MAIL, PHONE, POSTAL, SPACED_NAME, ADDRESS, WEB)
    few = len(values) * SURE
    told = any(sum(one.fullmatch(value) is not None for value in values) > few for one in shapes)
    return told or sum(len(value) > LONG for value in values) > few
