import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # ships no types
import pytest

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.up.layout import HOST
from monitoring_tasks.up.processes import (
    Processes,
    StackError,
    check_port,
    only_one,
)

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
FAIL = [sys.executable, "-c", "print('no disk'); raise SystemExit(3)"]
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    with Processes(tmp_path, tmp_path, os.environ) as started:
        yield started


def wait_for(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def pids(folder: Path) -> list[int]:
    record = folder / "processes.json"
    return [int(pid) for pid in json.loads(record.read_text(encoding="utf-8"))]


def test_stop_ends_processes_and_what_they_started(
    processes: Processes, tmp_path: Path
) -> None:
    """No grandchild survives, and the record is gone."""
    processes.start("parent", [sys.executable, "-c", PARENT])
    wait_for(lambda: processes.log("parent").read_text(encoding="utf-8").strip())
    family = [*pids(tmp_path), int(processes.log("parent").read_text(encoding="utf-8"))]
    processes.stop()
    assert not any(psutil.pid_exists(pid) for pid in family)
    assert not (tmp_path / "processes.json").exists()


def test_check_names_the_process_that_ended_and_its_last_lines(
    processes: Processes,
) -> None:
    """Whoever reads the error need not look for the log."""
    processes.start("good", SLEEP)
    processes.start("bad", FAIL)
    with pytest.raises(StackError, match=r"bad ended with code 3(.|\n)*no disk"):
        wait_for(processes.check)


def test_run_fails_with_the_command(processes: Processes) -> None:
    """A preparation that fails stops the start."""
    processes.run("fine", [sys.executable, "-c", ""])
    with pytest.raises(StackError, match="worse ended with code 1"):
        processes.run("worse", [sys.executable, "-c", "raise SystemExit(1)"])


def test_leftovers_of_a_killed_start_are_stopped(
    processes: Processes, tmp_path: Path
) -> None:
    """After a kill -9 the next start finds the processes by number and start time."""
    processes.start("orphan", SLEEP)
    [pid] = pids(tmp_path)
    assert Processes(tmp_path, tmp_path, {}).stop_leftovers() == 1
    with pytest.raises(StackError, match="orphan ended"):
        wait_for(processes.check)
    assert not psutil.pid_exists(pid)


def test_a_stranger_with_an_old_number_is_left_alone(
    processes: Processes, tmp_path: Path
) -> None:
    """A process number that was given again is not ours to stop."""
    processes.start("stranger", SLEEP)
    [pid] = pids(tmp_path)
    record = tmp_path / "processes.json"
    record.write_text(json.dumps({str(pid): 1.0}), encoding="utf-8")
    assert Processes(tmp_path, tmp_path, {}).stop_leftovers() == 0
    assert psutil.pid_exists(pid)
    processes.check()


def test_a_workspace_is_up_once(tmp_path: Path) -> None:
    """The second start names the process of the first, and may start after it."""
    with (
        only_one(tmp_path),
        pytest.raises(ConfigurationError, match=f"process {os.getpid()}"),
        only_one(tmp_path),
    ):
        pytest.fail("two at once")
    with only_one(tmp_path):
        pass


def test_a_taken_port_names_the_option(tmp_path: Path) -> None:
    """The remedy is in the message."""
    del tmp_path
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"port {port} .* --mlflow-port"):
            check_port(port, "--mlflow-port")
    check_port(port, "--mlflow-port")
