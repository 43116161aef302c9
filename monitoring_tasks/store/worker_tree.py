"""Ending a worker with everything it started, and clearing what earlier ones left.

A process may leave its group and outlive its parent. The worker adopts such orphans
(`scoring_worker`), and all of them carry the worker's own folder in their environment.
"""

import os
import re
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
PREFIX = "daywatch-worker-"
_OWNED = re.compile(rf"{PREFIX}(\d+)-.+")
_ROUNDS = 20
_PAUSE_SECONDS = 0.02


def make_folder() -> str:
    """A folder for one worker, named after the process that will clear it."""
    return tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")


def end_tree(pid: int, folder: str) -> None:
    """Kill a worker, its process group, its descendants and whoever has its folder.

    Repeated until nobody is left, as a process may start another while it is looked
    for. Where there is no `/proc` the process group alone is killed.

    Args:
        pid: The worker, which leads a process group; it need not live any more.
        folder: The worker's own folder.
    """
    is_there = pid in carriers(folder)  # else the number may be another process' by now
    if is_there:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)  # it starts nothing more while looked at
    for _ in range(_ROUNDS):
        below = descendants(pid) if is_there else set()
        others = (below | carriers(folder)) - {pid, os.getpid()}
        for other in others:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(other, signal.SIGKILL)
        if not others:
            break
        time.sleep(_PAUSE_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def descendants(pid: int) -> set[int]:
    """Return the living children of a process, theirs, and so on."""
    children: dict[int, list[int]] = {}
    for process in _processes():
        parent, is_alive = _status(process)
        if is_alive:
            children.setdefault(parent, []).append(process)
    family: set[int] = set()
    waiting = [pid]
    while waiting:
        below = [
            child for child in children.get(waiting.pop(), []) if child not in family
        ]
        family.update(below)
        waiting += below
    return family


def carriers(folder: str) -> set[int]:
    """Return the processes that were started with this folder as their home."""
    mark = f"HOME={folder}\0".encode()
    return {process for process in _processes() if mark in _environment(process)}


def clear_stale_folders() -> None:
    """Remove folders of workers whose Daywatch is gone, and end what runs in them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owned = _OWNED.fullmatch(folder.name)
        with suppress(OSError):
            if owned and not _lives(int(owned[1])) and _is_ours(folder):
                for process in carriers(str(folder)):
                    os.kill(process, signal.SIGKILL)
                shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    return not folder.is_symlink() and folder.stat().st_uid == os.getuid()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _processes() -> list[int]:
    if not PROC.is_dir():
        return []
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _status(pid: int) -> tuple[int, bool]:
    """The parent of a process, and whether it still runs; what is gone has none."""
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return 0, False
    state, parent = text.rpartition(")")[2].split()[:2]
    return int(parent), state not in {"Z", "X"}


def _environment(pid: int) -> bytes:
    try:
        return (PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return b""  # gone, or another user's
