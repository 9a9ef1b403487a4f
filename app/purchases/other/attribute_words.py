"""The attributes every shop has, their values and how both are said. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.i18n import N_, Translator
from app.purchases.other import member_values
from app.purchases.other.prefectures import PREFECTURES, prefecture

LABELS: Mapping[str, str] = {
    "sex": N_("Sex"),
    "age_band": N_("Age group"),
    "age_5": N_("Age group of five years"),
    "region": N_("Region"),
    "birth_year": N_("Year of birth"),
    "birth_month": N_("Month of birth"),
    "prefecture": N_("Prefecture"),
    "occupation": N_("Occupation"),
    "mail_refused": N_("Refuses mail"),
    "member_status": N_("Member status"),
}
DERIVED = frozenset({"age_5"})
"""Finer than what pages list: boards alone look at them, and coarsen them."""
VALUE_LABELS: Mapping[str, Mapping[str, str]] = {
    "sex": {"female": N_("women"), "male": N_("men"), "other": N_("other"), "no_answer": N_("no answer")},
    "mail_refused": {"yes": N_("refuses mail"), "no": N_("takes mail")},
}
AGE_GROUP, MONTH, FIVE_YEARS = N_("{n}s"), N_("month {n}"), N_("{n} to {end}")
CHILDREN = N_("under 10")
OTHER_NAMES = {"性別": "sex", "年代": "age_band", "生年": "birth_year", "誕生月": "birth_month", "都道府県": "prefecture", "職業": "occupation", "メール拒否": "mail_refused"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attribute:
    """One value of one attribute, as stored."""

    name: str
    value: str


def name_label(name: str, t: Translator) -> str:
    """Return an attribute's name in the reader's language; a column of the shop's own keeps the shop's word."""
    return t(LABELS[name]) if name in LABELS else name


def value_label(name: str, value: str, t: Translator) -> str:
    """Return a value in the reader's language."""
    known = VALUE_LABELS.get(name, {})
    if value in known:
        return t(known[value])
    if name == "age_band" and value.isdecimal():
        return t(AGE_GROUP, n=value) if int(value) else t(CHILDREN)
    if name == "age_5" and value.isdecimal():
        return t(FIVE_YEARS, n=value, end=int(value) + 4)
    if name == "birth_month" and value.isdecimal():
        return t(MONTH, n=value)
    return value


def read_name(text: str) -> str:
    """Return the stored name of an attribute as people write it: 性別, Sex, sex."""
    word = text.strip()
    english = {label.casefold(): name for name, label in LABELS.items()}
    return OTHER_NAMES.get(word) or english.get(word.casefold(), word)


def read_value(name: str, text: str) -> str:
    """Return the stored value as people write it: 女性 → female, 30代 → 30, 東京 → 東京都."""
    word = text.strip()
    if name == "sex":
        found = {label: value for value, label in VALUE_LABELS["sex"].items()}
        return member_values.sex(word) or found.get(word, word)
    if name == "age_band":
        return member_values.age_band(word) or word
    if name == "birth_month":
        return str(member_values.birth_month(word) or word)
    if name == "prefecture":
        return prefecture(word) or word
    if name == "mail_refused" and word not in {"yes", "no"}:
        refused = member_values.refuses_mail(word, "拒否")
        return word if refused is None else ("yes" if refused else "no")
    return word


def value_order(name: str, value: str) -> tuple[object, ...]:
    """Return where a value stands among the others of its attribute: numbers by size, prefectures from north to south."""
    if name == "prefecture" and value in PREFECTURES:
        return (0, PREFECTURES.index(value), "")
    if name == "sex":
        return (0, list(member_values.SEXES).index(value) if value in member_values.SEXES else 9, "")
    return (0, int(value), "") if value.isdecimal() and len(value) < 12 else (1, 0, value)
