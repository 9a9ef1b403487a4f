"""Reads a form off a page and hands back what a browser would post if nobody changed anything."""

from html.parser import HTMLParser

Pairs = list[tuple[str, str]]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Pairs]] = []
        self._select = ""
        self._chosen: str | None = None
        self._first: str | None = None
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), []))
            self._open = True
        elif tag == "select":
            self._select, self._chosen, self._first = given.get("name", ""), None, None
        elif tag == "option" and self._select:
            self._first = given.get("value", "") if self._first is None else self._first
            self._chosen = given.get("value", "") if "selected" in given else self._chosen
        elif tag == "input" and self._open and given.get("name"):
            ticked = given.get("type") not in {"checkbox", "radio"} or "checked" in given
            if ticked and given.get("type") not in {"submit", "file"}:
                self.forms[-1][1].append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "select" and self._select and self.forms:
            value = self._first if self._chosen is None else self._chosen
            self.forms[-1][1].append((self._select, value or ""))
            self._select = ""


def form_of(page: str, ending: str) -> Pairs:
    """Return the fields of the form whose action ends so.

    Raises:
        LookupError: the page has no such form.
    """
    reader = _Forms()
    reader.feed(page)
    for action, pairs in reader.forms:
        if action.endswith(ending):
            return pairs
    raise LookupError(f"no form posts to …{ending}; there are {[action for action, _ in reader.forms]}")
