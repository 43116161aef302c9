"""Where finished work is kept, by a digest of all it was made from.

Change a line of the judgement and only Daywatch is asked again; the worlds stay.
"""

import hashlib
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".bench-generalisation"
PACKAGE = ROOT / "monitoring_tasks"
SETTLED, SETTLED_WORLDS = "DAYWATCH_GRAMMAR_SOURCES", "DAYWATCH_GRAMMAR_WORLDS"
REVEALS = HERE / "reveals.jsonl"
RESULTS = HERE / "results.json"
PAGE = HERE / "RESULTS.md"
_UNJUDGING = {"cli", "report", "up", "demo", "web", "transports"}
"""Parts of the package that say nothing about a day."""


def worlds() -> Path:
    """Where the files of the worlds lie."""
    return CACHE / "worlds" / _of_worlds()


def homes() -> Path:
    """Where Daywatch's judged worlds lie."""
    return CACHE / "homes" / of_daywatch()


def answers(tool: str = "daywatch") -> Path:
    """Where the answers of a tool lie."""
    return CACHE / "answers" / tool / of_daywatch()


def settle() -> None:
    """Let all processes of this run speak of the sources as they are now."""
    os.environ[SETTLED] = of_daywatch()
    os.environ[SETTLED_WORLDS] = _of_worlds()


def _of_worlds() -> str:
    return os.environ.get(SETTLED_WORLDS) or _digest(
        sorted((HERE / "data").glob("*.py"))
    )


@cache
def of_daywatch() -> str:
    """Return the digest of the judgement, the grammar and the worlds as they are."""
    if SETTLED in os.environ:
        return os.environ[SETTLED]
    judging = [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in _UNJUDGING
    ]
    mine = [
        HERE / f"{name}.py" for name in ("cases", "delivery", "living", "workspaces")
    ]
    grammar = sorted((HERE / "faults").glob("*.py"))
    return _digest([*judging, *mine, *grammar], _of_worlds())


def _digest(paths: Iterable[Path], more: str = "") -> str:
    told = hashlib.sha256(more.encode())
    for path in paths:
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:12]
