"""Where finished work is kept, by a digest of all it was made from.

Change a line of the judgement and only Daywatch is asked again.
"""

import hashlib
import os
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".bench-judgement"
EVIDENTLY_PYTHON = ROOT / ".venv-evidently" / "bin" / "python"
CONSTRAINTS = HERE / "evidently-constraints.txt"
PACKAGE = ROOT / "monitoring_tasks"
_FAULTS = ("faults", "model_faults")
_OF_WORLDS = (
    *(HERE / f"{name}.py" for name in ("raw", "shipped", "flights", "airports")),
    *(HERE / f"{name}.py" for name in ("census", "car_loan", "credit_card")),
    *(HERE / f"{name}.py" for name in ("used_car", "deliver", "held_out")),
    *(PACKAGE / "demo" / f"{name}.py" for name in ("flights", "training", "service")),
    *(PACKAGE / "operations" / "drills" / f"{name}.py" for name in _FAULTS),
)
SETTLED = "DAYWATCH_BENCH_SOURCES"
SETTLED_WORLDS = "DAYWATCH_BENCH_WORLDS"
_UNJUDGING = {"cli", "report", "up", "demo"}
"""Parts of the package that say nothing about a day."""


def worlds() -> Path:
    """Where the files of the worlds lie."""
    return CACHE / "worlds" / _of_worlds()


def homes() -> Path:
    """Where Daywatch's judged worlds lie."""
    return CACHE / "homes" / _of_daywatch()


def answers(tool: str) -> Path:
    """Where the answers of a tool lie."""
    if tool == "daywatch":
        return CACHE / "answers" / tool / _of_daywatch()
    scripts = sorted(HERE.glob(f"*{tool}*.py"))
    return CACHE / "answers" / tool / _digest(scripts, _of_worlds() + pinned(tool))


def pinned(tool: str) -> str:
    """Return the version of a peer, or of all it is installed with."""
    return CONSTRAINTS.read_text() if tool == "evidently" else version(tool)


def settle() -> None:
    """Let all processes of this run speak of the sources as they are now."""
    os.environ[SETTLED] = _of_daywatch()
    os.environ[SETTLED_WORLDS] = _of_worlds()


def _of_worlds() -> str:
    return os.environ.get(SETTLED_WORLDS) or _digest(_OF_WORLDS)


@cache
def _of_daywatch() -> str:
    if SETTLED in os.environ:
        return os.environ[SETTLED]
    sources = [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in _UNJUDGING
    ]
    mine = (HERE / "run_daywatch.py", HERE / "run_fleet.py")
    return _digest((*_OF_WORLDS, *sources, *mine))


def _digest(paths: Iterable[Path], more: str = "") -> str:
    told = hashlib.sha256(more.encode())
    for path in paths:
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:12]
