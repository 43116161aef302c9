import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitoring_tasks.clock import SYSTEM_CLOCK
from monitoring_tasks.store import worker_tree
from monitoring_tasks.store.hung_versions import HungVersions

ORPHAN = """
import ctypes, os, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
child = "import subprocess, sys; "
child += "print(subprocess.Popen(['sleep', '60'], start_new_session=True).pid)"
subprocess.run([sys.executable, "-c", child])
sys.stdout.flush()
time.sleep(60)
"""


def until(question: Callable[[], bool]) -> bool:
    """Whether it becomes true within some seconds."""
    deadline = time.monotonic() + 20
    while not question() and time.monotonic() < deadline:
        time.sleep(0.02)
    return question()


def runs(pid: int) -> bool:
    return worker_tree._status(pid)[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A worker's folder, in a temporary folder of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return Path(worker_tree.make_folder())


def start(script: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 (our own code)
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "HOME": str(folder)},
    )


def test_a_grandchild_in_a_session_of_its_own_does_not_outlive_the_worker(
    folder: Path,
) -> None:
    """It left group, session and parent, and is ended all the same."""
    with start(ORPHAN, folder) as worker:
        assert worker.stdout is not None
        orphan = int(worker.stdout.readline())
        assert runs(orphan)
        worker_tree.end_tree(worker.pid, str(folder))
    assert until(lambda: not runs(orphan))


def test_an_orphan_of_a_worker_that_died_is_known_by_its_folder(folder: Path) -> None:
    """Nobody adopted it; the folder in its environment tells whose it was."""
    with start("import time; time.sleep(60)", folder) as orphan:
        assert until(lambda: orphan.pid in worker_tree.carriers(str(folder)))
        with subprocess.Popen(
            [sys.executable, "-c", ""], start_new_session=True
        ) as dead:
            dead.wait()
        worker_tree.end_tree(dead.pid, str(folder))
        assert orphan.wait(timeout=20) == -9


def test_folders_of_workers_whose_daywatch_is_gone_are_cleared(
    folder: Path, tmp_path: Path
) -> None:
    """A killed Daywatch clears nothing itself; the next one does. Others stay."""
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    stale = tmp_path / f"{worker_tree.PREFIX}{dead.pid}-x"
    other = tmp_path / "daywatch-worker-notes"
    for one in (stale, other):
        one.mkdir()
    worker_tree.clear_stale_folders()
    assert [one.exists() for one in (stale, other, folder)] == [False, True, True]


def test_a_version_that_hung_is_waited_for_less(tmp_path: Path) -> None:
    """A tenth the next time; its whole time again once there is more of it."""
    hung = HungVersions(tmp_path)
    assert (hung.limit("d", 300), hung.remark("d", 300)) == (300, "")
    hung.note("d", 300)
    assert hung.limit("d", 300) == 30
    assert hung.remark("d", 300).startswith("; it hung for 300 seconds on 2")
    assert hung.limit("d", 600) == 600
    assert hung.limit("another", 300) == 300
    hung.note("d", 30)
    assert hung.limit("d", 300) == 30
    hung.forget("d")
    assert hung.limit("d", 300) == 300


def test_a_version_that_hung_is_given_its_whole_time_again_after_a_week(
    tmp_path: Path,
) -> None:
    """One that needs a minute may answer then; if it hangs again, it is marked anew."""
    hung = HungVersions(tmp_path)

    def limit_after(days: float) -> float:
        at = SYSTEM_CLOCK.now().timestamp() - days * 86_400
        os.utime(tmp_path / "d", (at, at))
        return hung.limit("d", 120)

    hung.note("d", 120)
    assert limit_after(days=6.9) == 12
    hung.note("d", 12)
    assert limit_after(days=7.1) == 120
    assert not hung.remark("d", 120)
    assert limit_after(days=-7.1) == 120
    hung.note("d", 120)
    assert hung.limit("d", 120) == 12


def test_a_hung_version_is_no_error_where_nothing_may_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can only read here is told so by nobody, and waits as long again."""
    hung = HungVersions(tmp_path / "hung")
    hung.note("d", 300)
    monkeypatch.setattr(os, "access", lambda *_: False)  # tests may run as root
    hung.note("another", 300)
    hung.forget("d")
    assert (hung.limit("another", 300), hung.limit("d", 300)) == (300, 30)
