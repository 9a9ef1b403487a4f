"""`n1 serve`: the processes of an installation and their supervisor."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

import typer

from app.cli.db import upgrade_database
from app.core.logging import set_up_logging
from app.core.settings import Settings

log = logging.getLogger(__name__)
RESTART_AFTER = 0.5
GRACE_SECONDS = 8.0
LOOK_EVERY = 0.2
PAGES_FIRST = 2.5  # seconds that the web processes have the processors for themselves


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    pass_fds: tuple[int, ...] = ()
    next_start: float = field(default=0.0)

    def start(self) -> None:
        """Start, or start again."""
        self.process = subprocess.Popen(self.command, pass_fds=self.pass_fds)  # noqa: S603 - our own command
        log.info("%s runs as process %s", self.name, self.process.pid)

    def look(self, now: float) -> None:
        """Start the process again when it has ended."""
        if self.process is None or self.process.poll() is None:
            if self.process is None and now >= self.next_start:
                self.start()
            return
        log.warning("%s ended with code %s; it is started again", self.name, self.process.returncode)
        self.restarts += 1
        self.process = None
        self.next_start = now + RESTART_AFTER * min(self.restarts, 10)

    def stop(self) -> None:
        """Ask the process to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait for the end, then insist."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Starts every process of this machine, restarts what ends, stops all together."""

    def __init__(self, children: list[Child]) -> None:
        """Take the processes to look after."""
        self.children = children
        self._stop = threading.Event()

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Ask for the end (a signal handler)."""
        del number, frame
        self._stop.set()

    def run(self, *, ready: Callable[[], None] | None = None) -> None:
        """Run until asked to stop."""
        if ready is not None:
            threading.Thread(target=ready, daemon=True).start()
        while True:
            for child in self.children:
                child.look(time.monotonic())
            if self._stop.wait(LOOK_EVERY):
                break
        for child in self.children:
            child.stop()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            child.wait(deadline)


def refuse_open_door(settings: Settings) -> None:
    """Refuse to listen beyond this machine over plain HTTP."""
    tls = settings.tls_cert is not None and settings.tls_key is not None
    proxied = settings.behind_proxy and bool(settings.trusted_proxies)
    if not (settings.is_loopback or tls or proxied):
        typer.echo(
            "Off this machine the server needs TLS: set N1_TLS_CERT and N1_TLS_KEY, or N1_BEHIND_PROXY=1 with "
            "N1_TRUSTED_PROXIES naming the proxy.",
            err=True,
        )
        raise typer.Exit(2)


def listening_socket(settings: Settings) -> socket.socket:
    """Return the bound socket that all web processes share.

    Raises:
        typer.Exit: the port is taken.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((settings.host, settings.port))
    except OSError as taken:
        sock.close()
        typer.echo(f"Port {settings.port} on {settings.host} is taken. Set N1_PORT to another one.", err=True)
        raise typer.Exit(2) from taken
    sock.listen(2048)
    sock.set_inheritable(True)
    return sock


def serve_all(settings: Settings, *, ready: Callable[[], None] | None = None) -> None:
    """Serve: web processes, one worker, one language process, each restarted when it ends."""
    refuse_open_door(settings)
    sock = listening_socket(settings)
    n1 = [sys.executable, "-m", "app"]
    fd = sock.fileno()
    children = [
        Child(f"web {index + 1}", [*n1, "web", "--fd", str(fd)], pass_fds=(fd,))
        for index in range(settings.web_processes)
    ]
    later = time.monotonic() + PAGES_FIRST
    children += [Child(name, [*n1, name], next_start=later) for name in ("language", "worker")]
    supervisor = Supervisor(children)
    signal.signal(signal.SIGINT, supervisor.stop)
    signal.signal(signal.SIGTERM, supervisor.stop)
    supervisor.run(ready=ready)


def serve() -> None:
    """Serve the product on N1_HOST and N1_PORT until stopped."""
    set_up_logging()
    settings = Settings()
    upgrade_database(settings)
    serve_all(settings)


def end_with_parent() -> None:
    """End this process when its supervisor is gone, however that died."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)  # a killed parent sends no signal: it can only be looked for
        os.kill(os.getpid(), signal.SIGTERM)

    if parent > 1:
        threading.Thread(target=watch, daemon=True).start()
