"""What a file system answers that asking again does not change."""

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import fsspec
    import pyarrow as pa

FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def open_input(filesystem: "fsspec.AbstractFileSystem", name: str) -> "pa.NativeFile":
    """Return a file to read from: a local one in place, another as a whole in memory.

    Args:
        filesystem: The storage it lies in.
        name: The file.

    Raises:
        OSError: If it cannot be opened, or fetched.
    """
    import pyarrow as pa  # noqa: PLC0415 (heavy)
    from fsspec.implementations.local import LocalFileSystem  # noqa: PLC0415 (heavy)

    if isinstance(filesystem, LocalFileSystem):
        # Python's own error for what cannot be opened: it says which kind it is.
        with Path(name).open("rb"):
            return pa.OSFile(name)
    # In one request: to read column by column would make many.
    return pa.BufferReader(filesystem.cat_file(name))


def is_forbidden(error: BaseException) -> bool:
    """Whether this user may not write there, today or later."""
    return isinstance(error, OSError) and error.errno in FORBIDDEN


def is_local_fault(error: BaseException) -> bool:
    """Whether it is this machine's disk that fails, not something far away."""
    return isinstance(error, OSError) and error.errno in FORBIDDEN | NO_ROOM


def may_make(path: Path) -> bool:
    """Whether this user may make a file or folder there, with those above it."""
    above = next(folder for folder in path.absolute().parents if folder.exists())
    return os.access(path if path.is_dir() else above, os.W_OK)


def keep_if_allowed(path: Path, text: str) -> None:
    """Keep what is costly to work out in a file, where this user may make one.

    Args:
        path: The file; its folder is made when missing.
        text: All of its content.
    """
    if not may_make(path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Renamed at the end, so that another process never reads half a file.
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def in_words(error: OSError) -> str:
    """Say in a line which file failed, why, and what helps.

    >>> in_words(OSError(errno.ENOSPC, "No space left on device", "/tmp/a"))
    '/tmp/a: No space left on device; make room there'
    """
    problem = error.strerror or str(error)
    where = f"{error.filename}: " if error.filename else ""
    if error.errno in NO_ROOM:
        there = (
            "there" if error.filename else "in the temporary folder and the workspace"
        )
        return f"{where}{problem}; make room {there}"
    if error.errno in FORBIDDEN:
        return f"{where}{problem}; run it as a user who may write there"
    return f"{where}{problem}"
