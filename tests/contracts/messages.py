"""Every msgid the code and the templates use, beside what the catalogues hold. Run as `make messages`."""

import re
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from tests.contracts.source import ROOT

KEYWORDS = {
    "_": None, "N_": None, "t": None, "translate": None, "ngettext": (1, 2), "plural": (1, 2), "gettext": None,
}  # fmt: skip
JA = ROOT / "app" / "locales" / "ja"


@dataclass(frozen=True)
class Message:
    msgid: str
    plural: str | None
    places: tuple[str, ...]


@cache
def used() -> dict[str, Message]:
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    found: dict[str, Message] = {}
    for mapping in mappings:
        folder, _, pattern = mapping["pattern"].partition("/")
        rows = extract_from_dir(ROOT / folder, [(pattern, mapping["method"])], None, KEYWORDS)
        for name, line, message, _comments, _context in rows:
            one, many = (message, None) if isinstance(message, str) else (message[0], message[1])
            before = found[one].places if one in found else ()
            many = many or (found[one].plural if one in found else None)
            found[one] = Message(msgid=one, plural=many, places=(*before, f"{folder}/{name}:{line}"))
    return found


@cache
def translated() -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for path in sorted(JA.glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file):
                one = entry.id[0] if isinstance(entry.id, tuple | list) else entry.id
                texts = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
                if one and all(texts):
                    known[one] = texts
    return known


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)[^}]*}", text))


def missing() -> list[Message]:
    return [message for message in used().values() if message.msgid and message.msgid not in translated()]


def write_template(target: Path) -> None:
    catalog = Catalog(project="interview-desk", charset="utf-8")
    for message in sorted(used().values(), key=lambda m: m.msgid):
        ident = (message.msgid, message.plural) if message.plural else message.msgid
        catalog.add(ident, locations=[(p.rpartition(":")[0], 0) for p in message.places])
    with target.open("wb") as file:
        write_po(file, catalog, omit_header=True, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    write_template(ROOT / "app" / "locales" / "messages.pot")
    for lost in missing():
        print(f"{lost.places[0]}: {lost.msgid}")
    print(f"{len(used())} msgids, {len(missing())} without Japanese")
    sys.exit(bool(missing()))
