"""A command in a process of its own: CPU seconds, wall seconds, peak memory."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command cost.

    Attributes:
        cpu_seconds: User and system time of the process and its children.
        wall_seconds: From start to end.
        peak_mb: Largest memory of one process, in 10**6 bytes.
    """

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float


class CommandFailedError(Exception):
    """A measured command ended with an error; its last lines are told."""


def measure(
    command: Sequence[str],
    *,
    allowed: Sequence[int] = (0,),
    environment: Mapping[str, str] | None = None,
    log: Path,
) -> Spent:
    """Run a command to its end.

    Args:
        command: Program and arguments.
        allowed: Exit codes that are no error.
        environment: Variables on top of this process' own.
        log: Where its output goes.

    Raises:
        CommandFailedError: If it ends with another code.
    """
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 (ours)
            list(command),
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        # Of this child alone: the totals of all children mix one side with another.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
    if process.returncode not in allowed:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        msg = f"{' '.join(command)} ended with {process.returncode}:\n{last}"
        raise CommandFailedError(msg)
    return Spent(
        cpu_seconds=used.ru_utime + used.ru_stime,
        wall_seconds=wall,
        peak_mb=used.ru_maxrss * 1024 / 1e6,
    )
