"""Templates: one environment a language, one frozen dataclass `page` as the whole context."""

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from fastapi import FastAPI, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.background import BackgroundTask
from starlette.responses import HTMLResponse, RedirectResponse

from app.accounts.permissions import may
from app.core.i18n import translator
from app.web.deps import note_presence
from app.web.services import services
from app.web.template_globals import TEMPLATE_GLOBALS

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
STATIC = Path(__file__).resolve().parent / "static"
_PATTERNS: WeakKeyDictionary[FastAPI, dict[tuple[str, ...], str]] = WeakKeyDictionary()
FILTERS = ("date", "month", "number", "percent", "money", "man", "datetime", "time")


@cache
def environment(locale: str, zone: str) -> Environment:
    """Return the template environment of a language."""
    words = translator(locale, zone)
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    env.globals.update({"_": words, "ngettext": partial(_plural, words), "locale": locale, "static": static_url})
    env.globals.update(TEMPLATE_GLOBALS)
    env.filters.update({name: getattr(words, name) for name in FILTERS})
    return env


def _plural(words: Any, one: str, many: str, n: int, **params: object) -> str:  # noqa: ANN401 - the translator
    return str(words.plural(one, many, n=n, **params))


@cache
def static_url(path: str) -> str:
    """Return the address of a static file, with its content's hash so that it may be kept for ever."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


def locale_of(request: Request) -> str:
    """Return the language of this request: the person's own, else their browser's, else the setting."""
    actor = getattr(request.state, "actor", None)
    if actor is not None:
        return str(actor.locale)
    asked = request.cookies.get("n1_locale") or request.headers.get("accept-language", "")[:2].lower()
    return asked if asked in {"ja", "en"} else services(request).settings.locale


def render(request: Request, template: str, page: object, status: int = 200) -> HTMLResponse:
    """Return a page or partial in the reader's language."""
    env = environment(locale_of(request), services(request).settings.timezone)
    html = env.get_template(template).render(page=page, **request_context(request))
    response = HTMLResponse(html, status_code=status, background=presence(request))
    response.template = template  # type: ignore[attr-defined]  # read by tests: which template, which context
    response.page = page  # type: ignore[attr-defined]  # as above
    return response


def presence(request: Request) -> BackgroundTask | None:
    """Return what notes the session's use after the answer left, at most once a minute."""
    return BackgroundTask(note_presence, request) if getattr(request.state, "touch_token", None) else None


def request_context(request: Request) -> dict[str, Any]:
    """Return what every template may use besides `page`."""
    actor = getattr(request.state, "actor", None)
    return {
        "actor": actor,
        "may": (lambda permission: actor is not None and may(actor, permission)),
        "url": partial(_url, request),
        "csp_nonce": request.state.csp_nonce,
        "current_path": request.url.path,
    }


def _url(request: Request, name: str, **params: str) -> str:
    """Return a route's path. FastAPI searches its routers anew at each call, so every pattern is looked up once."""
    known: dict[tuple[str, ...], str] = _PATTERNS.setdefault(request.app, {})
    key = (name, *params)
    if key not in known:
        known[key] = str(request.app.url_path_for(name, **{param: f"<{param}>" for param in params}))
    path = known[key]
    for param, value in params.items():
        path = path.replace(f"<{param}>", value)
    return path


def redirect(request: Request, name: str, **params: str) -> RedirectResponse:
    """Lead to a named page after a successful post."""
    return RedirectResponse(_url(request, name, **params), status_code=303, background=presence(request))
