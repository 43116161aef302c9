"""What a file system answers that asking again does not change."""

import errno

FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def is_forbidden(error: BaseException) -> bool:
    """Whether this user may not write there, today or later."""
    return isinstance(error, OSError) and error.errno in FORBIDDEN


def is_local_fault(error: BaseException) -> bool:
    """Whether it is this machine's disk that fails, not something far away."""
    return isinstance(error, OSError) and error.errno in FORBIDDEN | NO_ROOM


def in_words(error: OSError) -> str:
    """Say in a line which file failed, why, and what helps.

    >>> in_words(OSError(errno.ENOSPC, "No space left on device", "/tmp/a"))
    '/tmp/a: No space left on device; make room there'
    """
    said = error.strerror or str(error)
    where = f"{error.filename}: " if error.filename else ""
    if error.errno in NO_ROOM:
        there = (
            "there" if error.filename else "in the temporary folder and the workspace"
        )
        return f"{where}{said}; make room {there}"
    if error.errno in FORBIDDEN:
        return f"{where}{said}; run it as a user who may write there"
    return f"{where}{said}"
