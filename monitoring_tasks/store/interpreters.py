"""Whether another Python can run the scoring process."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from monitoring_tasks.store.worker_environment import command, stripped_environment

PROBE = Path(__file__).with_name("interpreter_probe.py")
PROBE_SECONDS = 60
_LAST_CHARACTERS = 200


def interpreter_fault(python: str) -> str:
    """Why an interpreter cannot score, and what helps; empty when it can.

    It is started, and its libraries are looked for; none is imported.
    """
    if not Path(python).is_file():
        return f"{python} is not there; name a Python interpreter of this machine"
    if not os.access(python, os.X_OK):
        return f"{python} may not be executed; name a Python interpreter"
    with tempfile.TemporaryDirectory(prefix="daywatch-probe-") as scratch:
        return _fault_when_started(python, scratch)


def _fault_when_started(python: str, scratch: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 (our own file)
            command(PROBE, python),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PROBE_SECONDS,
            check=False,
            cwd=scratch,
            env=stripped_environment(1, scratch, python),
        )
    except subprocess.TimeoutExpired:
        return f"{python} did not answer within {PROBE_SECONDS} seconds"
    except OSError as error:
        return f"{python} cannot be started ({type(error).__name__})"
    try:
        absent = list(json.loads(done.stdout)["absent"])
    except (ValueError, TypeError, KeyError):
        words = " ".join(done.stderr.split())[-_LAST_CHARACTERS:]
        quoted = f" (it says: {words})" if words else ""
        return f"{python} is no Python interpreter that works{quoted}"
    if not absent:
        return ""
    names = ", ".join(absent)
    return f"{python} lacks {names}; install {names} there"
