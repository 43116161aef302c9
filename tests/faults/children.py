"""Processes that run a step of Daywatch and meet a fault no test process survives."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KILLED = 9
DIE = """
import os
from monitoring_tasks import daily
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.rollbacks import Rollbacks

def die(*_, **__):
    os._exit(9)

def then_die(real):
    def call(*args, **options):
        real(*args, **options)
        os._exit(9)
    return call
"""
JUDGE = """
from datetime import date
from pathlib import Path
from tests.scenarios import worlds
worlds.run(Path({home!r}), date.fromisoformat({day!r}))
"""
IN_THE_MOVE = [
    pytest.param("Rollbacks.propose = die", id="before it is asked"),
    pytest.param("Registry.set_alias = die", id="before the write"),
    pytest.param(
        "Registry.set_alias = then_die(Registry.set_alias)", id="after the write"
    ),
    pytest.param("Registry.tag_version = then_die(Registry.tag_version)", id="tagged"),
    pytest.param("Incidents.move = then_die(Incidents.move)", id="moved, not told"),
]
"""What becomes of a process that rolls back; `effects` finds every gap, these are told
apart by name and run in a Python of their own."""


def start(home: Path, code: str, **environment: str) -> "subprocess.Popen[str]":
    """Start Python on a piece of code, in the workspace, with Daywatch importable."""
    return subprocess.Popen(  # noqa: S603 (our own Python on our own code)
        [sys.executable, "-W", "ignore", "-c", code],
        env={
            **os.environ,
            "DAYWATCH_HOME": str(home),
            "PYTHONPATH": str(ROOT),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def judge(home: Path, day: date, fault: str) -> "subprocess.Popen[str]":
    """Start to judge a day, with a fault; `die` and `then_die` are there for it."""
    steps = JUDGE.format(home=str(home), day=day.isoformat())
    return start(home, f"{DIE}\n{fault}\n{steps}")


def respond(home: Path, key: str, fault: str) -> "subprocess.Popen[str]":
    """Start to act on a day that is decided, with a fault."""
    return start(home, f"{DIE}\n{fault}\ndaily.respond({key!r})")


@contextmanager
def judging(home: Path, day: date, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Hold a process in the middle of judging a day; it goes on when the block ends."""
    inside, go = folder / "inside", folder / "go"
    fault = f"""
import time
from pathlib import Path
from monitoring_tasks.validate import step
real = step.validate_day
def wait(*args):
    Path({str(inside)!r}).touch()
    while not Path({str(go)!r}).exists():
        time.sleep(0.05)
    real(*args)
step.validate_day = wait
"""
    child = judge(home, day, fault)
    while not inside.exists():
        assert child.poll() is None, child.communicate()[0]
        time.sleep(0.05)
    try:
        yield child
    finally:
        go.touch()


def finish(child: "subprocess.Popen[str]") -> tuple[int, str]:
    """Wait for a child; give its exit code and what it wrote."""
    written, _ = child.communicate(timeout=240)
    return child.returncode, written
