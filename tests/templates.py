"""What takes long to make: made once for all workers, and for later runs of the code.

It lies under `.pytest_cache`, in a folder named by a digest of the code that made it:
`make test-slow` after `make test` makes nothing again. Whoever needs something first
makes it; others wait meanwhile.
"""

import fcntl
import hashlib
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
MADE_BY = (
    "constraints.txt",
    "monitoring_tasks/**/*.py",
    "tests/scenarios/*.py",
    "tests/templates.py",
)
KEPT = 3
"""Folders of older code that stay: another run may still copy from them."""


@cache
def folder() -> Path:
    """Return the folder of what this code makes; what older code made is removed."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(path for glob in MADE_BY for path in ROOT.glob(glob)):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    made = ROOT / ".pytest_cache" / "templates" / digest.hexdigest()[:16]
    made.mkdir(parents=True, exist_ok=True)
    others = [path for path in made.parent.iterdir() if path != made]
    for old in sorted(others, key=lambda path: -path.stat().st_mtime)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return made


def template(name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that is to be copied, never written to.

    Args:
        name: Unique among all templates.
        make: Makes the folder at the path it is handed, if nobody has yet.
    """
    path, done = folder() / name, folder() / f"{name}.done"
    with _alone(name):
        if not done.exists():
            shutil.rmtree(path, ignore_errors=True)
            make(path)
            for database in path.glob("*.db"):
                _settle(database)
            done.touch()
    return path


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Wait until no other process makes this."""
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _settle(database: Path) -> None:
    """Write what lies beside a SQLite file into it: a copy may be made at any time."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
