"""kill −9 of every web process while people save answers: nothing that was acknowledged may be lost."""

import contextlib
import http.client
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from app.accounts.operations import sign_in
from app.core.clock import utc_now
from app.core.database import make_engine, write_session
from app.web.security import COOKIE
from tests.support.browser import serving, wait_until_served
from tests.support.world import PASSWORD, World


@dataclass
class Writer:
    """One person saving one question again and again; remembers what the server confirmed."""

    host: str
    path: str
    token: str
    question: str
    version: int
    confirmed: str = ""
    tried: list[str] = field(default_factory=list)
    saves: int = 0

    def save(self, text: str) -> bool:
        headers = {
            "Cookie": f"{COOKIE}={self.token}", "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        body = urlencode({"answer": text, "memo": "", "version": self.version, "seconds": 1})
        self.tried.append(text)
        connection = http.client.HTTPConnection(self.host, timeout=15)
        try:
            connection.request("POST", self.path, body, headers)
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if response.status >= 400:
            return False
        self.confirmed, self.version, self.saves = text, self.version + 1, self.saves + 1
        return True


def stored(world: World, interview: str) -> dict[str, tuple[str, int]]:
    with contextlib.closing(sqlite3.connect(world.settings.home / "app.sqlite3")) as database:
        rows = database.execute(
            "SELECT question_id, text, version FROM answer WHERE interview_id = "
            "(SELECT id FROM interview WHERE public_id = ?)",
            (interview,),
        ).fetchall()
    return {question: (text, version) for question, text, version in rows}


def web_processes(parent: int) -> Iterator[int]:
    """Yield the web processes below a supervisor."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes().split(b"\0")
                if b"web" in command and int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                    yield int(entry.name)


def supervisor_of(base: str) -> int:
    port = str(urlsplit(base).port)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes().split(b"\0")
                if b"serve" in command and f"N1_PORT={port}".encode() in (entry / "environ").read_bytes():
                    return int(entry.name)
    msg = "no supervisor found"
    raise LookupError(msg)


def fresh_token(world: World) -> str:
    engine = make_engine(world.settings)
    with write_session(engine) as session:
        signed_in = sign_in(session, login="researcher", password=PASSWORD, address="127.0.0.1", now=utc_now())
    engine.dispose()
    if signed_in is None:
        msg = "the test user cannot sign in"
        raise LookupError(msg)
    return signed_in.token


def kill_rounds(world: World, folder: Path, *, rounds: int, seconds: float) -> tuple[list[str], int, float]:
    """Return what was lost, how many saves were confirmed, and the slowest return to service in seconds."""
    lost: list[str] = []
    confirmed, slowest = 0, 0.0
    token, interview = fresh_token(world), world.ids["live"]
    with serving(world.settings, folder / "serve.log") as base:
        supervisor = supervisor_of(base)
        for number in range(rounds):
            writers = start_writers(world, base, token, interview)
            stop = threading.Event()
            threads = [threading.Thread(target=write, args=(writer, stop, number)) for writer in writers]
            for thread in threads:
                thread.start()
            stop.wait(seconds)
            for process in web_processes(supervisor):
                os.kill(process, signal.SIGKILL)
            stop.set()
            for thread in threads:
                thread.join()
            began = time.perf_counter()
            wait_until_served(base, seconds=30)
            slowest = max(slowest, time.perf_counter() - began)
            lost += compare(world, interview, writers)
            confirmed += sum(writer.saves for writer in writers)
    with contextlib.closing(sqlite3.connect(world.settings.home / "app.sqlite3")) as database:
        lost += [str(row[0]) for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
    return lost, confirmed, slowest


def start_writers(world: World, base: str, token: str, interview: str) -> list[Writer]:
    now = stored(world, interview)
    return [
        Writer(
            host=urlsplit(base).netloc, path=f"/interviews/{interview}/answers/{question}", token=token,
            question=question, version=now.get(question, ("", 0))[1],
        )
        for question in ("q1", "q2", "q3", "q4", "q5", "q6", "q7")
    ]  # fmt: skip


def write(writer: Writer, stop: threading.Event, number: int) -> None:
    count = 0
    while not stop.is_set():
        count += 1
        if not writer.save(f"{number} 回目の {count} 文。") and stop.wait(0.05):
            return


def compare(world: World, interview: str, writers: list[Writer]) -> list[str]:
    """An answer must hold the last confirmed text, or the one that was on its way when the process died."""
    now = stored(world, interview)
    return [
        f"{writer.question}: confirmed {writer.confirmed!r}, stored {now.get(writer.question)!r}"
        for writer in writers
        if writer.confirmed and now.get(writer.question, ("", 0))[0] not in {writer.confirmed, writer.tried[-1]}
    ]
