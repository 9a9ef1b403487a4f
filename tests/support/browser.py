"""Chromium driven by Playwright, a page that notes everything it should not do, and the server it visits."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from app.core.settings import Settings

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
ROOT = Path(__file__).resolve().parents[2]
WIDTHS = {1280: 900, 390: 844}


def find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Watch:
    """What a page did that it should not: console errors, failures, requests to other hosts."""

    host: str
    troubles: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(f"console: {message.text}")

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != self.host:
            self.troubles.append(f"foreign request: {request.url}")

    def attach(self, page: Page) -> None:
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("request", self.on_request)


@contextlib.contextmanager
def watched_page(
    browser: Browser, base: str, *, width: int = 1280, locale: str = "ja", token: str = ""
) -> Iterator[tuple[Page, Watch]]:
    """Yield a page in its own context, signed in when a token is given."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS.get(width, 900)},
        locale="ja-JP" if locale == "ja" else "en-GB",
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    )
    from app.web.security import COOKIE

    cookies = [("n1_locale", locale), *([(COOKIE, token)] if token else [])]
    context.add_cookies(
        [
            {"name": name, "value": value, "url": base.replace("http://", "https://"), "secure": True}
            for name, value in cookies
        ]
    )
    page, watch = context.new_page(), Watch(host=urlsplit(base).netloc)
    page.set_default_timeout(15_000)
    watch.attach(page)
    try:
        yield page, watch
    finally:
        context.close()


@contextlib.contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """Serve an application from a thread on a free port; yield its address."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="warning", lifespan="on", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{sock.getsockname()[1]}"
        wait_until_served(base)
        yield base
        server.should_exit = True
        thread.join(timeout=10)


def wait_until_served(base: str, *, seconds: float = 60.0, process: subprocess.Popen[bytes] | None = None) -> None:
    """Return once `/health` answers.

    Raises:
        TimeoutError: it does not within the time.
        RuntimeError: the server ended.
    """
    pause = threading.Event()
    for _ in range(int(seconds / 0.1)):
        with (
            contextlib.suppress(URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(base + "/health", timeout=2),
        ):
            return
        if process is not None and process.poll() is not None:
            msg = f"the server ended with {process.returncode}"
            raise RuntimeError(msg)
        pause.wait(0.1)
    msg = f"{base} did not answer in {seconds} s"
    raise TimeoutError(msg)


@contextlib.contextmanager
def serving(settings: Settings, log: Path, *command: str) -> Iterator[str]:
    """Run `n1 serve` (or another command that serves) as its own processes; yield the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {k: v for k, v in os.environ.items() if not k.startswith("N1_")}
    environment |= {"N1_HOME": str(settings.home), "N1_PORT": str(port), "N1_LANGUAGE_TIMEOUT": "20"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", *(command or ("serve",))], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
        base = f"http://127.0.0.1:{port}"
        try:
            wait_until_served(base, process=process)
            yield base
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
