"""Where finished work is kept, by a digest of all it was made from.

Change a line of the judgement and only Daywatch is asked again; the worlds and what the
peers said stay.
"""

import hashlib
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from benchmarks.judgement import places as judgement

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".bench-generalisation"
PACKAGE = ROOT / "monitoring_tasks"
SETTLED, SETTLED_WORLDS = "DAYWATCH_GRAMMAR_SOURCES", "DAYWATCH_GRAMMAR_WORLDS"
SETTLED_PEER = "DAYWATCH_GRAMMAR_"
DAYWATCH = "daywatch"
PEERS = ("nannyml", "evidently")
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


def answers(tool: str = DAYWATCH) -> Path:
    """Where the answers of a tool lie."""
    digest = of_daywatch() if tool == DAYWATCH else of_peer(tool)
    return CACHE / "answers" / tool / digest


def fitted(tool: str, world: str) -> Path:
    """Where what a peer learnt of a world lies, and the reference it learnt from."""
    return CACHE / "fitted" / tool / of_peer(tool) / world


def settle() -> None:
    """Let all processes of this run speak of the sources as they are now."""
    os.environ[SETTLED] = of_daywatch()
    os.environ[SETTLED_WORLDS] = _of_worlds()
    for tool in PEERS:
        os.environ[SETTLED_PEER + tool.upper()] = of_peer(tool)


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
    mine = [HERE / f"{name}.py" for name in ("living", "workspaces")]
    return _digest([*judging, *mine, *_of_cases()], _of_worlds())


@cache
def of_peer(tool: str) -> str:
    """Return the digest of a peer, of how it is asked, the grammar and the worlds."""
    settled = os.environ.get(SETTLED_PEER + tool.upper())
    if settled:
        return settled
    asking = [HERE / "peers" / f"{name}.py" for name in ("asking", "batches")]
    joining = (judgement.HERE / f"{name}.py" for name in ("deliver", "raw"))
    scripts = [*judgement.HERE.glob(f"*{tool}*.py"), *joining]
    return _digest(
        [*sorted(scripts), *asking, *_of_cases()],
        _of_worlds() + judgement.pinned(tool),
    )


def _of_cases() -> list[Path]:
    """List what says what goes wrong, and on which morning it is looked at."""
    names = ("cases", "delivery", "mornings")
    grammar = sorted((HERE / "faults").glob("*.py"))
    return [*(HERE / f"{name}.py" for name in names), *grammar]


def _digest(paths: Iterable[Path], more: str = "") -> str:
    told = hashlib.sha256(more.encode())
    for path in paths:
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:12]
