"""What a template may not hold: the strict CSP blocks it, or it opens a hole."""

import re

import pytest

from tests.contracts.source import ROOT, modules, templates

FORBIDDEN = {
    "the safe filter": re.compile(r"\|\s*safe\b"),
    "autoescape switched off": re.compile(r"autoescape\s+false"),
    "inline style": re.compile(r"<style\b|\sstyle\s*="),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)[^>]*>\s*\S|javascript:", re.IGNORECASE),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "htmx handler": re.compile(r"\bhx-on\b"),
    "address of another host": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
    "positive tabindex": re.compile(r"tabindex\s*=\s*[\"']?[1-9]"),
    "mark of unfinished work": re.compile(r"TODO|FIXME|[Ll]orem ipsum"),  # what is looked for, not a mark itself
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_templates_hold_no(name: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in templates()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if FORBIDDEN[name].search(line)
    ]
    assert not found


def test_every_htmx_element_carries_the_nonce() -> None:
    """The hx-csp extension strips hx-* from elements without the page's nonce."""
    found = []
    for path in templates():
        text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found += [
            f"{path.relative_to(ROOT)}:{text[: tag.start()].count(chr(10)) + 1}"
            for tag in re.finditer(r"<[a-zA-Z](?:[^<>{]|{{.*?}}|{%.*?%})*>", text, flags=re.DOTALL)
            if re.search(r"\shx-(?!nonce)[a-z]", tag[0]) and "hx-nonce" not in tag[0]
        ]
    assert not found


def test_every_page_extends_a_layout_and_parts_extend_nothing() -> None:
    """What a route renders by a name without underscore is a page."""
    rendered = {name for module in modules("app/web") for name in re.findall(r'"([\w/]+\.html)"', module.text)}
    wrong = []
    for path in templates():
        name = str(path.relative_to(ROOT / "templates"))
        is_page = name in rendered and not path.name.startswith("_")
        if ("{% extends" in path.read_text(encoding="utf-8")) != is_page and path.parent.name != "layouts":
            wrong.append(name)
    assert not wrong


def test_images_have_a_text() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {tag[:60]}"
        for path in templates()
        for tag in re.findall(r"<img\b[^>]*>", path.read_text(encoding="utf-8"))
        if "alt=" not in tag
    ]
    assert not found
