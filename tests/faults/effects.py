"""What a process changes outside itself, counted, so that it can die in every gap.

An effect is a transaction that wrote something, in the store or in a registry that is
a file, or a request that changes something in a registry behind a server. Nothing is
listed by hand: whatever Daywatch comes to write is counted.
"""

import itertools
import os
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
import sqlalchemy as sa

Effect = Callable[[], object]
WRITES = ("INSERT", "UPDATE", "DELETE")


def before_each_effect(effect: Effect) -> None:
    """Call `effect` before each one, in this process, from now on."""

    def mark(connection: sa.Connection, *call: Any) -> None:  # noqa: ANN401 (SQLAlchemy's)
        if call[1].lstrip().upper().startswith(WRITES):
            connection.info["has_written"] = True

    def commit(connection: sa.Connection) -> None:
        if connection.info.pop("has_written", False):
            effect()

    sa.event.listen(sa.Engine, "after_cursor_execute", mark)
    sa.event.listen(sa.Engine, "commit", commit)
    real = requests.Session.send

    def send(
        self: requests.Session,
        request: requests.PreparedRequest,
        **parts: Any,  # noqa: ANN401 (its own)
    ) -> requests.Response:
        if request.method != "GET":
            effect()
        return real(self, request, **parts)

    requests.Session.send = send  # type: ignore[method-assign]


def in_child(work: Callable[[], object], log: Path) -> int:
    """Do something in a copy of this process; give its exit code, -9 if killed.

    Args:
        work: What to do; 1 is given when it raises, and the error is in `log`.
        log: Where the error is written.
    """
    return wait(start_child(work, log))


def start_child(work: Callable[[], object], log: Path) -> int:
    """Start a copy of this process on something; give its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 (told to the parent)
        log.write_text(traceback.format_exc())
    finally:
        os._exit(code)


def wait(child: int) -> int:
    """Wait for a child; give its exit code, -9 if it was killed."""
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def killed_before(number: int, work: Callable[[], object], log: Path) -> bool:
    """Do something in a child that is killed before its n-th effect.

    Returns:
        Whether it got that far; not so when it has fewer effects and has ended well.
    """
    counted = itertools.count(1)

    def die() -> None:
        if next(counted) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched() -> None:
        before_each_effect(die)
        work()

    code = in_child(watched, log)
    assert code in {0, -signal.SIGKILL}, log.read_text()
    return code != 0
