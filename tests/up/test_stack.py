import io
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # ships no types
import pytest
from rich.console import Console

from monitoring_tasks.settings import load_settings
from monitoring_tasks.up import stack
from monitoring_tasks.up.layout import HOST, Layout
from monitoring_tasks.up.processes import StackError

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
UP = """
import sys
from pathlib import Path
from rich.console import Console
from monitoring_tasks.settings import load_settings
from monitoring_tasks.up.layout import Layout
from monitoring_tasks.up.stack import run
airflow, mlflow = map(int, sys.argv[2:])
run(
    Layout(
        settings=load_settings(),
        dags=Path(sys.argv[1]),
        airflow_port=airflow,
        mlflow_port=mlflow,
    ),
    Console(),
)
"""


def free_ports(count: int) -> list[int]:
    """Take ports from the system, then let go of them."""
    probes = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def layout(home: Path) -> Layout:
    airflow, mlflow = free_ports(2)
    return Layout(
        settings=load_settings(home),
        dags=Path(__file__).parents[2] / "dags",
        airflow_port=airflow,
        mlflow_port=mlflow,
    )


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console to read from, with no database and nothing to prepare behind it."""
    monkeypatch.setattr(stack, "running_postgres", lambda _: nullcontext("sqlite://"))
    monkeypatch.setattr(stack, "AIRFLOW", (sys.executable, "-c", ""))
    monkeypatch.setattr(stack, "missing", lambda _: [])
    return Console(file=io.StringIO())


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.is_running()]


def test_a_process_that_ends_takes_the_others_down(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a stack is worse than none: it looks as if somebody watched."""
    bad = [sys.executable, "-c", "print('out of memory')"]
    monkeypatch.setattr(stack, "commands", lambda _: {"good": SLEEP, "bad": bad})
    with pytest.raises(StackError, match=r"bad ended(.|\n)*out of memory"):
        stack.run(layout(tmp_path), console)
    assert children() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=str)
def test_a_signal_stops_everything(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """The addresses are shown, and after the signal nothing is left."""
    monkeypatch.setattr(stack, "commands", lambda _: {"good": SLEEP})
    before = signal.getsignal(number)
    where = layout(tmp_path)
    threading.Timer(2, os.kill, (os.getpid(), number)).start()
    stack.run(where, console)
    assert isinstance(console.file, io.StringIO)
    assert where.airflow_url in console.file.getvalue()
    assert (children(), signal.getsignal(number)) == ([], before)


def test_the_password_is_said_once_and_kept_from_others(tmp_path: Path) -> None:
    """It is made and shown at the first start; later starts name the file alone."""
    where = layout(tmp_path)
    where.passwords.parent.mkdir(parents=True)
    first = stack.ensure_password(where)
    password = json.loads(where.passwords.read_text())["admin"]
    assert password in first
    assert len(password) >= 16
    assert stat.S_IMODE(where.passwords.stat().st_mode) == 0o600
    where.passwords.chmod(0o644)
    again = stack.ensure_password(where)
    assert password not in again
    assert str(where.passwords) in again
    assert stat.S_IMODE(where.passwords.stat().st_mode) == 0o600


def test_a_part_that_never_gets_healthy_is_named(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting has an end, and says what was waited for."""
    monkeypatch.setattr(stack, "commands", lambda _: {"good": SLEEP})
    monkeypatch.setattr(stack, "missing", lambda _: ["scheduler"])
    monkeypatch.setattr(stack, "START_SECONDS", 0)
    with pytest.raises(StackError, match="not healthy after 0 s: scheduler"):
        stack.run(layout(tmp_path), console)


def test_nothing_that_answers_is_all_missing(tmp_path: Path) -> None:
    """No answer is not health."""
    assert stack.missing(layout(tmp_path)) == [*stack.PARTS, "mlflow"]


@pytest.mark.slow
def test_the_real_stack_comes_up_and_goes_down(tmp_path: Path) -> None:
    """All parts are healthy, and a SIGTERM leaves no process behind."""
    where = layout(tmp_path)
    ports = [str(where.airflow_port), str(where.mlflow_port)]
    up = subprocess.Popen(  # noqa: S603 (fixed)
        [sys.executable, "-c", UP, str(where.dags), *ports],
        env=os.environ | {"DAYWATCH_HOME": str(tmp_path)},
    )
    try:
        deadline = time.monotonic() + stack.START_SECONDS
        while stack.missing(where):
            assert up.poll() is None
            assert time.monotonic() < deadline
            time.sleep(1)
        started = psutil.Process(up.pid).children(recursive=True)
    finally:
        up.terminate()
    assert up.wait(timeout=60) == 0
    assert len(started) > 5
    assert not any(process.is_running() for process in started)
