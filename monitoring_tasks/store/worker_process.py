"""The process that loads versions and scores rows: started, spoken with, ended."""

import json
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.store.mlflow_connection import without_secrets
from monitoring_tasks.store.requirements import Installed
from monitoring_tasks.store.worker_environment import command, stripped_environment
from monitoring_tasks.store.worker_lines import Lines
from monitoring_tasks.store.worker_tree import (
    clear_stale_folders,
    end_tree,
    make_folder,
)

START_SECONDS = 120
"""Importing MLflow takes seconds; on a cold, busy machine tens of them."""
WORKER = Path(__file__).with_name("scoring_worker.py")
_TAIL_CHARACTERS = 300
_LAST_BYTES = 4_096


class WorkerProcess:
    """A child of this process, one JSON line asked and one answered. POSIX only.

    Attributes:
        child: The running process; None while there is none.
        folder: Where it may write; goes with it.
        loaded: The versions it was asked to load so far.
        installed: Its interpreter and libraries, from when it started.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self.child: subprocess.Popen[bytes] | None = None
        self.folder: str | None = None
        self.loaded: set[str] = set()
        self.installed = Installed()
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (see close)
        self._lines: Lines | None = None

    def start(self, *, python: str, threads: int, memory_limit_mb: int) -> None:
        """Start the process, unless it runs already.

        Args:
            python: The interpreter; empty for the one that runs Daywatch.
            threads: Threads that numeric libraries may use.
            memory_limit_mb: Memory it may use, in MiB.

        Raises:
            OSError: If the interpreter cannot be started.
            EOFError: If it ends before it answers.
            TimeoutError: If it does not answer within `START_SECONDS`.
        """
        if self.child is not None:
            return
        self.errors.seek(0)
        self.errors.truncate()
        clear_stale_folders()
        self.folder = make_folder()
        self.child = subprocess.Popen(  # noqa: S603 (our own file)
            command(WORKER, python),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Not a pipe: one that nobody reads fills up and blocks the child.
            stderr=self.errors,
            bufsize=0,
            cwd=self.folder,
            env=stripped_environment(threads, self.folder, python),
            start_new_session=True,  # so that all it starts can be killed as a group
        )
        if self.child.stdout is not None:
            self._lines = Lines(self.child.stdout)
        hello = {"memory_limit_mb": memory_limit_mb}
        self.installed = Installed.of(self.exchange(hello, START_SECONDS))

    def exchange(self, request: JsonObject, limit_seconds: float) -> Any:  # noqa: ANN401 (JSON)
        """Ask, and return what is answered.

        Args:
            request: One JSON object.
            limit_seconds: How long to wait for the answer.

        Raises:
            TimeoutError: If there is no answer in time.
            EOFError: If the process is gone.
            ValueError: If the answer is no JSON.
        """
        child = self.child
        if child is None or child.stdin is None or self._lines is None:
            raise EOFError
        child.stdin.write(json.dumps(request).encode() + b"\n")
        return json.loads(self._lines.next(limit_seconds))

    def stop(self) -> None:
        """Kill the process and whatever it started; nothing of it is left behind."""
        child, self.child = self.child, None
        if child is None:
            return
        folder, self.folder = self.folder or "", None
        # While the folder is there: by it the children it left behind are found.
        end_tree(child.pid, folder)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        shutil.rmtree(folder, ignore_errors=True)
        self.loaded.clear()

    def close(self) -> None:
        """Stop the process and let go of what it wrote."""
        self.stop()
        self.errors.close()

    def why_not_started(self, error: Exception) -> str:
        """Return why `start` failed, and clear what is left of the try.

        Args:
            error: What `start` raised.
        """
        if self.child is None:
            shutil.rmtree(self.folder or "", ignore_errors=True)
            return f"{type(error).__name__}: {error}"
        if isinstance(error, TimeoutError):
            self.stop()
            return f"no answer within {START_SECONDS} seconds"
        return self.bury()

    def bury(self) -> str:
        """Stop a process that ended by itself; return its last words."""
        child = self.child
        if child is not None:
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=1)
        code = child.poll() if child is not None else None
        self.stop()
        end = self.errors.seek(0, os.SEEK_END)
        self.errors.seek(max(0, end - _LAST_BYTES))
        text = self.errors.read().decode(errors="replace")
        short = " ".join(without_secrets(text).split())[-_TAIL_CHARACTERS:]
        if short:
            return short
        return (
            f"signal {-code}" if code is not None and code < 0 else "it wrote nothing"
        )
