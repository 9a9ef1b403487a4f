"""Which currency a mark or a cell names: by its code, its sign, or in a word."""

from unicodedata import normalize

CURRENCIES = ("JPY", "USD", "EUR", "GBP", "CNY", "KRW", "TWD")
RECOGNISED = frozenset(
    {*CURRENCIES, "AUD", "CAD", "CHF", "HKD", "IDR", "INR", "MYR", "NZD", "PHP", "SGD", "THB", "VND"}
)
"""Those that a cell may name; a person may give any other."""
# a yen sign typed into a CP932 file is a backslash
YEN_SIGNS = {ord(sign): "¥" for sign in "￥\\＼"}
YEN = frozenset({"JPY"})
SIGNS: dict[str, frozenset[str]] = {
    "¥": frozenset({"JPY", "CNY"}), "円": YEN, "日本円": YEN, "YEN": YEN,
    "£": frozenset({"GBP", "EGP", "GIP"}), "€": frozenset({"EUR"}),
}  # fmt: skip
NO_DOLLARS = frozenset({"JPY", "CNY", "EUR", "GBP", "KRW", "CHF"})


def can_be(text: str, currency: str) -> bool:
    """Return whether a mark beside a number, or a cell that holds one alone, can be of this currency; none can be of any."""
    mark = _plain(text)
    if mark == "$":
        return currency not in NO_DOLLARS
    return not mark or currency in SIGNS.get(mark, {mark})


def currency_of(text: str) -> str | None:
    """Return the currency that a cell names; None where it names none that we recognise, or one of several."""
    mark = _plain(text)
    meant = SIGNS.get(mark, frozenset({mark})) & RECOGNISED
    return next(iter(meant)) if len(meant) == 1 else None


def _plain(text: str) -> str:
    return normalize("NFKC", text.translate(YEN_SIGNS)).strip().upper()
