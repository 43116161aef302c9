"""A command in a process of its own: CPU seconds, wall seconds, peak memory."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CHILD = """
import json, os, resource, subprocess, sys, time
command, log, most = json.loads(sys.argv[1])
if most is not None:
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
with open(log, "wb") as output:
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
code = os.waitstatus_to_exitcode(status)
print(json.dumps([code, used.ru_utime + used.ru_stime, wall, used.ru_maxrss]))
"""
"""Starts the command from a small process: peak memory begins at that of the parent."""


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
    most_cpu_seconds: int | None = None,
) -> Spent:
    """Run a command to its end.

    Args:
        command: Program and arguments.
        allowed: Exit codes that are no error.
        environment: Variables on top of this process' own.
        log: Where its output goes.
        most_cpu_seconds: It is ended when it has used so many.

    Raises:
        CommandFailedError: If it ends with another code.
    """
    asked = json.dumps([list(command), str(log), most_cpu_seconds])
    answer = subprocess.run(  # noqa: S603 (ours)
        [sys.executable, "-I", "-S", "-c", CHILD, asked],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    code, cpu, wall, peak = json.loads(answer.stdout)
    if code not in allowed:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        msg = f"{' '.join(command)} ended with {code}:\n{last}"
        raise CommandFailedError(msg)
    return Spent(cpu_seconds=cpu, wall_seconds=wall, peak_mb=peak * 1024 / 1e6)
