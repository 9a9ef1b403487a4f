"""Japanese is complete, its placeholders are those of the English, and no catalogue is beside the point."""

import re

from tests.contracts.messages import JA, placeholders, translated, used
from tests.contracts.source import ROOT, templates

JAPANESE = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]")


def test_every_msgid_has_japanese() -> None:
    lost = [f"{m.places[0]}: {m.msgid}" for m in used().values() if m.msgid and m.msgid not in translated()]
    assert not lost


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = []
    for msgid, texts in translated().items():
        message = used().get(msgid)
        wanted = placeholders(msgid) | (placeholders(message.plural) if message and message.plural else set())
        wrong += [f"{msgid!r} → {text!r}" for text in texts if not placeholders(text) <= wanted]
        if not any(placeholders(text) >= placeholders(msgid) - {"n"} for text in texts):
            wrong.append(f"{msgid!r} lost a placeholder")
    assert not wrong


def test_each_catalogue_is_named_after_a_stage() -> None:
    stages = {p.name for p in (ROOT / "app").iterdir() if p.is_dir()} | {"components", "layout", "help", "demo"}
    assert not [path.name for path in JA.glob("*.po") if path.stem.split("_")[0] not in stages]


def test_one_msgid_has_one_translation() -> None:
    from babel.messages.pofile import read_po

    seen: dict[str, tuple[str, object]] = {}
    clashes = []
    for path in sorted(JA.glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file):
                one = entry.id[0] if isinstance(entry.id, tuple | list) else entry.id
                if one and one in seen and seen[one][1] != entry.string:
                    clashes.append(f"{one!r}: {seen[one][0]} and {path.name}")
                seen.setdefault(one, (path.name, entry.string))
    assert not clashes


def test_templates_hold_no_bare_japanese() -> None:
    """Japanese in a template is text that nobody can translate (a language's own name and one-character seals excepted)."""
    found = []
    for path in templates():
        text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for number, line in enumerate(text.splitlines(), 1):
            if JAPANESE.search(re.sub(r'日本語|"[\u4e00-\u9fff]"', "", line)):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:60]}")
    assert not found
