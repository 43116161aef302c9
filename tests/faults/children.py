"""Processes that run a step of Daywatch and meet a fault no test process survives."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start(home: Path, code: str, **environment: str) -> "subprocess.Popen[str]":
    """Start Python on a piece of code, in the workspace, with Daywatch importable."""
    return subprocess.Popen(  # noqa: S603 (our own Python on our own code)
        [sys.executable, "-W", "ignore", "-c", code],
        env={
            **os.environ,
            "DAYWATCH_HOME": str(home),
            "PYTHONPATH": str(ROOT),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(child: "subprocess.Popen[str]") -> tuple[int, str]:
    """Wait for a child; give its exit code and what it wrote."""
    written, _ = child.communicate(timeout=240)
    return child.returncode, written
