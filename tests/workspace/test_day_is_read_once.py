"""A day on its way through the steps asks for nothing twice."""

import functools
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from monitoring_tasks import daily
from monitoring_tasks.contract import files
from monitoring_tasks.store.profiles import Profiles
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.results import Results
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
ORDINARY = world.HISTORY[0] + timedelta(days=3)
READERS = (
    (Results, "evaluation"),
    (Results, "current"),
    (Results, "numbers"),
    (Results, "partition"),
    (Profiles, "load"),
    (Registry, "versions"),
    (Registry, "load_reference_folder"),
    (pa, "OSFile"),
)
"""What opens the store, the registry or a frozen file, by class and method."""


def counted(reads: Counter[str], name: str, read: Callable[..., Any]) -> Any:  # noqa: ANN401 (any reader)
    """Wrap a reader so that each call is counted by its arguments."""

    @functools.wraps(read)
    def reader(*args: Any, **options: Any) -> Any:  # noqa: ANN401
        asked = [*map(str, args[1:] if hasattr(args[0], read.__name__) else args)]
        asked += [f"{key}={value}" for key, value in sorted(options.items())]
        reads[f"{name}({', '.join(asked)})"] += 1
        return read(*args, **options)

    return reader


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count what is read, by reader and arguments."""
    calls: Counter[str] = Counter()
    for owner, method in READERS:
        name = f"{owner.__name__}.{method}"
        read = getattr(owner, method)
        monkeypatch.setattr(owner, method, counted(calls, name, read))
    monkeypatch.setattr(
        files, "load_contract", counted(calls, "load_contract", files.load_contract)
    )
    return calls


def judge_one_day(home: Path, day: date, reads: Counter[str]) -> list[str]:
    """Judge the days before one, then that one; list what was read twice for it."""
    before = [world.HISTORY[0] + timedelta(days=n) for n in range(3)]
    worlds.run(home, *before)
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, day)
    reads.clear()
    with open_workspace(home) as workspace:
        daily.run_day(workspace, unit)
    assert any(read.startswith("load_contract") for read in reads)
    return sorted(f"{times} x {read}" for read, times in reads.items() if times > 1)


def test_ordinary_day_reads_nothing_twice(home: Path, reads: Counter[str]) -> None:
    """Evaluation, spans of days, rows, contract, references, versions: once each."""
    repeated = judge_one_day(home, ORDINARY, reads)
    assert not repeated, "\n".join(repeated)


def test_first_day_of_a_bad_release_reads_nothing_twice(
    home: Path, reads: Counter[str]
) -> None:
    """A day in breach asks more, of other versions and models, and still once."""
    world.write_day(home, world.RELEASE, version="3")
    repeated = judge_one_day(home, world.RELEASE, reads)
    assert not repeated, "\n".join(repeated)
