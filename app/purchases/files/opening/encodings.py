"""Opens order files and finds their encoding by a fixed ladder, never by a guessing library."""

import codecs

from app.core.i18n import N_
from app.purchases.files.refused import FileRefused

SHORT = 1 << 16
UTF_8, CP932 = "utf-8", "cp932"
LOST = "\ufffd"
MIXED = "rows of utf-8"
CONTINUED = bytes(range(0x80, 0xC0))
MOST_LOST = 0.02
"""The greatest share of rows of UTF-8 in a file of Shift_JIS."""
ENCODINGS = ("utf-8", "cp932", "utf-16", "utf-16-le", "utf-16-be", "euc_jis_2004", "iso2022_jp_2004")
ALIASES = {
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf_8": "utf-8",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "sjis-win": "cp932",
    "windows-31j": "cp932",
    "ms932": "cp932",
    "euc-jp": "euc_jis_2004",
    "euc_jp": "euc_jis_2004",
    "iso-2022-jp": "iso2022_jp_2004",
    "iso2022_jp": "iso2022_jp_2004",
    "utf16": "utf-16",
}
UNREADABLE = N_(
    "The file's text is not in an encoding we can read. Save it as UTF-8 or Shift_JIS (CP932) and try again."
)
NOT_IN = N_(
    "The file's text is not in the encoding that was named ({name}). Leave the encoding out, so that it is found, or name another."
)


def errors_in(encoding: str) -> str:
    """Return how bytes are taken that are no text in an encoding: a row of UTF-8 in a file of Shift_JIS is marked by LOST."""
    return MIXED if encoding == CP932 else "strict"


def _lost(fault: UnicodeError) -> tuple[str, int]:
    """Return LOST for a byte of a line that is UTF-8; of any other line the fault stands."""
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    start = fault.object.rfind(b"\n", 0, fault.start) + 1
    end = fault.object.find(b"\n", fault.start)
    line = fault.object[start : end if end >= 0 else len(fault.object)]
    try:
        # the piece may begin or end within a letter
        codecs.getincrementaldecoder("utf-8")("strict").decode(line.lstrip(CONTINUED) if not start else line)
    except UnicodeError:
        raise fault from None
    return LOST, fault.start + 1


codecs.register_error(MIXED, _lost)


def unreadable(named: str = "") -> FileRefused:
    """Return the refusal of a text that cannot be decoded; `named` is the encoding that a person asked for."""
    if named:
        return FileRefused("encoding_unreadable", NOT_IN, name=named)
    return FileRefused("encoding_unreadable", UNREADABLE)


def _utf16_by_nuls(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if odd / half > 0.2 and even / half < 0.05:
        return "utf-16-le"
    if even / half > 0.2 and odd / half < 0.05:
        return "utf-16-be"
    return None


def _looks_euc(head: bytes) -> bool:
    """EUC-JP read as CP932 is a run of half-width kana; read as itself it holds kana people write."""
    wide = [char for char in head.decode("cp932", "ignore") if char > "\x7f"]
    half_width = sum("\uff61" <= char <= "\uff9f" for char in wide)
    if not wide or half_width * 2 < len(wide):
        return False
    return any("\u3041" <= char <= "\u30fc" for char in head.decode("euc_jis_2004", "ignore"))


def normal_encoding(name: str) -> str:
    """Return our name of an encoding a person typed.

    Raises:
        FileRefused: we don't know the name.
    """
    low = name.strip().lower()
    found = ALIASES.get(low, low)
    if found not in ENCODINGS:
        raise FileRefused(
            "encoding_unknown", N_("Unknown encoding {name}. Known: {known}."), name=name, known=", ".join(ENCODINGS)
        )
    return found


def ladder(head: bytes) -> tuple[str, ...]:
    """Return the encodings a text may be in, by its beginning: BOM, ISO-2022 escape, UTF-16 by its NULs, UTF-8, CP932, EUC.

    Raises:
        FileRefused: there is nothing, it holds NUL bytes, or no step of the ladder reads it.
    """
    if not head.strip():
        raise FileRefused("file_empty", N_("The file is empty."))
    found = _by_marks(head)
    if found is None and b"\x00" in head:
        line = head[: head.index(b"\x00")].count(b"\n") + 1
        raise FileRefused("nul", N_("Line {line} holds a NUL byte, so this is not a plain text file."), line=line)
    steps = (found,) if found else ("utf-8", "cp932", "euc_jis_2004")
    if not found and _looks_euc(head[:SHORT]):
        steps = ("utf-8", "euc_jis_2004", "cp932")
    fitting = tuple(step for step in steps if begins_as(head, step))
    if not fitting:
        raise unreadable()
    return fitting


def begins_as(head: bytes, encoding: str) -> bool:
    """Return whether the beginning of a text can be in this encoding; its header tells soonest where it is not."""
    lost: list[bool] = []
    for part in (head[:SHORT], head):
        try:
            text = codecs.getincrementaldecoder(encoding)(errors_in(encoding)).decode(part)
        except UnicodeError:
            return False
        lost = [LOST in line for line in text.splitlines()] if LOST in text else []
        if lost and lost[0]:
            return False
    # rows of another encoding are few
    return sum(lost) <= max(1, MOST_LOST * len(lost))


def _by_marks(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if any(mark in head for mark in (b"\x1b$B", b"\x1b$@", b"\x1b$(")):
        return "iso2022_jp_2004"
    return _utf16_by_nuls(head[: 1 << 16])
