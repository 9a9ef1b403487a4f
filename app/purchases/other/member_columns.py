"""Which columns of a member file are what, and which further ones are kept as attributes. Pure."""

import re
from collections.abc import Mapping, Sequence

from app.core.i18n import N_
from app.purchases.files.mapping import presets
from app.purchases.files.mapping.headers import CUSTOMER_NUMBERS, plain
from app.purchases.import_schemas import Further
from app.purchases.models import FileTable
from app.purchases.other.small_table import TableSpec, parts_of, propose
from app.purchases.other.telling import (
    ADDRESS,
    CODES,
    FREE_TEXT,
    LONG,
    MAIL,
    PERSONAL,
    PHONE,
    POSTAL,
    SPACED_NAME,
    SURE,
    WEB,
    by_header,
)

KEPT, DROPPED = "attribute:", "drop:"
CONTACT = ("email", "phone", "customer_name", "customer_kana", "company_name", "postal_code", "address")
SPEC = TableSpec(
    columns={
        "customer_key": (*CUSTOMER_NUMBERS, "id"),
        "email": ("メールアドレス", "メール", "E-mail", "mail", "mail address", "email address", "PCメールアドレス"),
        "phone": ("電話番号", "TEL", "電話", "phone", "phone number", "携帯電話番号", "携帯電話", "mobile"),
        "customer_name": ("氏名", "お名前", "顧客名", "会員名", "名前", "name", "customer name", "full name"),
        "customer_kana": ("フリガナ", "ふりがな", "氏名カナ", "お名前(カナ)", "カナ", "kana", "会員名カナ", "顧客名カナ"),
        "company_name": ("会社名", "法人名", "company", "company name"),
        "postal_code": ("郵便番号", "zip", "postal code", "zip code"),
        "address": ("住所", "address", "ご住所", "address1"),
        "sex": ("性別", "性別(名称)", "sex", "gender", "性別(ID)"),
        "birth_date": ("生年月日", "誕生日", "birthday", "birth date", "date of birth", "birthdate"),
        "birth_year": ("生年", "誕生年", "生まれ年", "birth year", "year of birth"),
        "birth_month": ("誕生月", "生まれ月", "birth month", "birthday month"),
        "age": ("年齢", "age"),
        "age_band": ("年代", "年齢層", "age band", "age group"),
        "prefecture": ("都道府県", "都道府県(名称)", "都道府県名", "prefecture", "state", "province", "都道府県(ID)"),
        "occupation": ("職業", "職業(名称)", "ご職業", "occupation", "job"),
        "mail_refused": (
            "メルマガ拒否", "DM拒否", "メール拒否", "メール配信拒否", "DM不要", "DM可否", "メルマガ可否", "メルマガ", "メールマガジン", "メルマガ配信", "メルマガ購読",
            "DM", "accepts marketing", "accepts email marketing", "email opt-out", "unsubscribed", "mail refused",
        ),
        "member_status": ("会員ステータス", "ステータス(名称)", "会員状態", "member status"),
    },
    required=(("customer_key", "email", "phone"),),
    pairs={
        "customer_name": (("お名前(姓)", "お名前(名)"), ("姓", "名"), ("Last Name", "First Name")),
        "customer_kana": (("お名前(セイ)", "お名前(メイ)"), ("セイ", "メイ"), ("姓カナ", "名カナ")),
        "address": (("住所1", "住所2"), ("市区町村", "番地")),
    },
    free=(KEPT, DROPPED),
)  # fmt: skip
MEMBER_MARKS = ("sex", "birth_date", "birth_year", "birth_month", "age", "age_band", "occupation", "mail_refused")
ORDER_MARKS = (
    "注文番号",
    "注文日",
    "受注日",
    "受注番号",
    "注文日時",
    "購入日",
    "order id",
    "order date",
    "商品名",
    "商品コード",
)
MOST_FURTHER = 200
NAME_LENGTH = 60
MANY = 50
TELLING_ROWS = 30
DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?([ T].*)?|\d{8}")
NAME = re.compile(r"[一-龥々ヶ]{1,4}[ 　]?[一-龥々ヶぁ-んァ-ヴー]{1,4}")
DAYS = N_("dates are too fine to compare people by")
EMPTY = N_("empty in the first rows")
TOO_MANY = N_("more columns than are kept")
BY_HAND = N_("left out by you")


def looks_like_members(headers: tuple[str, ...]) -> bool:
    """Return whether these are rather the headers of a member file than of an order file."""
    names = {plain(header) for header in headers}
    if any(plain(mark) in names for mark in ORDER_MARKS):
        return False
    columns = propose(headers, SPEC)
    return any(name in columns for name in ("customer_key", "email")) and any(mark in columns for mark in MEMBER_MARKS)


def propose_columns(
    headers: tuple[str, ...], rows: Sequence[Sequence[str]], given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return columns for a file: those given as far as they are in it, the known ones, and which further ones to keep."""
    there = {name: header for name, header in (given or {}).items() if all(parts_of(header, headers))}
    known = {name: header for name, header in there.items() if name in SPEC.columns} or _known(headers)
    settled = {header for name, header in there.items() if name.startswith(SPEC.free)}
    columns = known | {name: header for name, header in there.items() if name.startswith(SPEC.free)}
    for one in judge(headers, known, rows):
        if one.header not in settled:
            columns[(KEPT if one.kept else DROPPED) + stored_name(one.header)] = one.header
    return columns


def _known(headers: tuple[str, ...]) -> dict[str, str]:
    """Return the known columns: those of the shop system if it is one we know, then what names like theirs mean."""
    preset = presets.recognise(headers, FileTable.MEMBERS)
    named = presets.found_columns(preset, headers) if preset else {}
    columns = {name: header for name, header in named.items() if name in SPEC.columns}
    used = {part for header in columns.values() for part in parts_of(header, headers)}
    for name, header in propose(headers, SPEC).items():
        if name not in columns and not used & set(parts_of(header, headers)):
            columns[name] = header
    return columns


def further(headers: tuple[str, ...], columns: Mapping[str, str], rows: Sequence[Sequence[str]]) -> tuple[Further, ...]:
    """Return the further columns as a mapping has them, with the reason why each is left out."""
    kept = {header for name, header in columns.items() if name.startswith(KEPT)}
    return tuple(
        Further(one.header, kept=one.header in kept, why="" if one.header in kept else one.why or BY_HAND)
        for one in judge(headers, columns, rows)
    )


def with_further(columns: Mapping[str, str], headers: Sequence[str], keep: Sequence[str]) -> dict[str, str]:
    """Return columns as a form has them: of these further headers those in `keep` are kept, the others left out."""
    known = {name: header for name, header in columns.items() if name in SPEC.columns}
    names = {
        header: (KEPT if header in keep else DROPPED) + stored_name(header) for header in unused(tuple(headers), known)
    }
    return known | {name: header for header, name in names.items()}


def stored_name(header: str) -> str:
    """Return a header as the name of an attribute: addresses and quotas write it before an equals sign."""
    return re.sub("[=＝]", " ", header)[:NAME_LENGTH].strip() or header[:1]


def unused(headers: tuple[str, ...], columns: Mapping[str, str]) -> list[str]:
    """Return the headers no known column uses."""
    used = {part for name, header in columns.items() if name in SPEC.columns for part in parts_of(header, headers)}
    return [header for header in headers if header and header not in used]


def judge(headers: tuple[str, ...], columns: Mapping[str, str], rows: Sequence[Sequence[str]]) -> list[Further]:
    """Return every further column with a proposal: as little of a person as the questions need."""
    found: list[Further] = []
    kept = 0
    for header in unused(headers, columns):
        at = headers.index(header)
        cells = [row[at].strip() for row in rows if len(row) > at and row[at].strip()]
        why = by_header(header) or _by_values(cells)
        if not why and kept == MOST_FURTHER:
            why = TOO_MANY
        kept += not why
        found.append(Further(header, kept=not why, why=why))
    return found


def _by_values(cells: Sequence[str]) -> str:
    if not cells:
        return EMPTY
    if _share(cells, DAY) > 1 - SURE:
        return DAYS
    if any(_share(cells, shape) > SURE for shape in (MAIL, PHONE, POSTAL, SPACED_NAME, ADDRESS)):
        return PERSONAL
    if _share(cells, WEB) > SURE:
        return CODES
    different = set(cells)
    if len(different) > MANY and sum(len(cell) > LONG for cell in different) > len(different) * SURE:
        return FREE_TEXT
    if len(cells) >= TELLING_ROWS and len(different) > 0.9 * len(cells) and not all(map(_number, different)):
        return PERSONAL if _share(cells, NAME) > 1 - SURE else CODES
    return ""


def _share(cells: Sequence[str], shape: re.Pattern[str]) -> float:
    return sum(shape.fullmatch(cell) is not None for cell in cells) / len(cells)


def _number(cell: str) -> bool:
    return cell.replace(".", "", 1).isdecimal() and len(cell) <= 6
