"""A private PostgreSQL cluster for one test process: temporary folder, free port, gone afterwards."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


def find_bin() -> Path | None:
    """Return the folder of PostgreSQL's server programs, newest version first."""
    folders = [Path(p) for p in os.environ.get("PATH", "").split(os.pathsep) if p]
    for folder in [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *folders]:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_user() -> str | None:
    """Return whom the server must run as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """Yield the base URL (no database name) of a running cluster."""
    folder = Path(tempfile.mkdtemp(prefix="n1-pg-"))
    user = server_user()
    if user:
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()

    def call(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs / program), *arguments],
            user=user, cwd=folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)},
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60,
        )  # fmt: skip

    try:
        call("initdb", "-D", str(data), "-U", "n1", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        call("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "-o", options, "start")
        yield f"postgresql+psycopg://n1@127.0.0.1:{port}"
    finally:
        with contextlib.suppress(subprocess.SubprocessError):
            call("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
