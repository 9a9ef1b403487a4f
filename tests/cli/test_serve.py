import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from app.cli.serve import Child, Supervisor, listening_socket, refuse_open_door
from app.core.settings import Settings

SLEEPER = [sys.executable, "-c", "import threading; threading.Event().wait()"]


def wait_until(condition: Callable[[], bool]) -> bool:
    pause = threading.Event()
    return any(condition() or pause.wait(0.05) for _ in range(200))


@pytest.mark.parametrize(
    ("given", "open_door"),
    [
        ({}, False),
        ({"host": "::1"}, False),
        ({"host": "0.0.0.0"}, True),
        ({"host": "0.0.0.0", "behind_proxy": True}, True),
        ({"host": "0.0.0.0", "behind_proxy": True, "trusted_proxies": "10.0.0.1"}, False),
        ({"host": "0.0.0.0", "tls_cert": "cert.pem", "tls_key": "key.pem"}, False),
    ],
)
def test_plain_http_never_leaves_the_machine(given: dict[str, object], open_door: bool):
    settings = Settings.model_validate(given)
    if open_door:
        with pytest.raises(typer.Exit) as refused:
            refuse_open_door(settings)
        assert refused.value.exit_code == 2
    else:
        refuse_open_door(settings)


def test_a_taken_port_is_told_not_thrown(capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(typer.Exit) as refused:
        listening_socket(Settings(port=other.getsockname()[1]))
    assert refused.value.exit_code == 2
    assert "N1_PORT" in capsys.readouterr().err


def test_a_child_that_dies_is_started_again_and_all_end_together(tmp_path: Path):
    child = Child("sleeper", SLEEPER)
    supervisor = Supervisor([child, Child("other", SLEEPER)])
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    try:
        assert wait_until(lambda: child.process is not None)
        assert child.process is not None
        first = child.process.pid
        child.process.kill()
        assert wait_until(lambda: child.process is not None and child.process.pid != first)
    finally:
        supervisor.stop()
        thread.join(timeout=15)
    assert not thread.is_alive()
    assert all(one.process is not None and one.process.poll() is not None for one in supervisor.children)
