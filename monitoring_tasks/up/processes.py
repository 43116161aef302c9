"""Starting processes and stopping all of them, also those of an earlier, dead start.

Each process leads a group of its own: Ctrl-C in the terminal reaches only Daywatch,
which then stops them in order.
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

import psutil  # type: ignore[import-untyped]  # ships no types

from monitoring_tasks.errors import ConfigurationError, MonitoringError
from monitoring_tasks.up.layout import HOST

GRACE_SECONDS = 20
LAST_LINES = 20


class StackError(MonitoringError):
    """A process of the stack could not be started, or ended by itself."""


class Processes:
    """What was started, remembered on disk until it is stopped.

    Args:
        folder: Where the record lies.
        logs: Where each process writes its output.
        env: The environment of every process.
    """

    def __init__(self, folder: Path, logs: Path, env: Mapping[str, str]) -> None:
        self._record = folder / "processes.json"
        self._logs = logs
        self._env = env
        self._running: dict[str, psutil.Popen] = {}

    def __enter__(self) -> Self:
        """Return itself; leaving stops everything."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything, whatever happened."""
        self.stop()

    def run(
        self, name: str, command: Sequence[str], *, env: Mapping[str, str] | None = None
    ) -> None:
        """Run a command to its end.

        Args:
            name: Names its log.
            command: Program and arguments.
            env: Its environment, where it is not that of all.

        Raises:
            StackError: If it fails; the text has its last lines.
        """
        self.start(name, command, env=env)
        code = self._running.pop(name).wait()
        if code != 0:
            raise StackError(self._obituary(name, code))

    def start(
        self, name: str, command: Sequence[str], *, env: Mapping[str, str] | None = None
    ) -> None:
        """Start a process; its output goes to a file of its own, from new.

        Args:
            name: Names its log.
            command: Program and arguments.
            env: Its environment, where it is not that of all.
        """
        with self.log(name).open("wb") as log:
            self._running[name] = psutil.Popen(
                command,
                env=dict(self._env if env is None else env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started = {p.pid: p.create_time() for p in self._running.values()}
        self._record.write_text(json.dumps(started), encoding="utf-8")

    def check(self) -> None:
        """Make sure that every process still runs.

        Raises:
            StackError: If one has ended; the text has its last lines.
        """
        for name, process in self._running.items():
            if (code := process.poll()) is not None:
                raise StackError(self._obituary(name, code))

    def stop(self) -> None:
        """Stop every process, the last started first, with all it started itself."""
        stop_all(list(reversed(self._running.values())))
        self._running.clear()
        self._record.unlink(missing_ok=True)

    def stop_leftovers(self) -> int:
        """Stop what an earlier start left behind when it was killed; count it."""
        if not self._record.is_file():
            return 0
        left = []
        recorded = json.loads(self._record.read_text(encoding="utf-8"))
        for pid, created in recorded.items():
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(int(pid))
                # The number may belong to a stranger by now; the start time tells.
                if process.create_time() == created:
                    left.append(process)
        stop_all(left)
        self._record.unlink()
        return len(left)

    def pids(self) -> dict[str, int]:
        """Number of each running process, by name."""
        return {name: process.pid for name, process in self._running.items()}

    def log(self, name: str) -> Path:
        """The file a process writes to."""
        return self._logs / f"{name}.log"

    def _obituary(self, name: str, code: int) -> str:
        path = self.log(name)
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        last = "\n".join(lines[-LAST_LINES:])
        return f"{name} ended with code {code}; the end of {path}:\n{last}"


def stop_all(processes: Sequence[psutil.Process]) -> None:
    """End processes and their descendants: asked first, killed after a while."""
    family = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            # Listed before the signal: an orphan would not be found below it.
            family += [process, *process.children(recursive=True)]
            os.killpg(process.pid, signal.SIGTERM)
    _, stubborn = psutil.wait_procs(family, timeout=GRACE_SECONDS)
    for process in stubborn:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=GRACE_SECONDS)


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; the system lets go when the process ends.

    Raises:
        ConfigurationError: If another process holds it.
    """
    with (folder / "lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            msg = (
                f"this workspace is already up, in process {lock.read()}; "
                "stop that one with Ctrl-C, or give another --home"
            )
            raise ConfigurationError(msg) from error
        # For the message of whoever comes second; the lock itself is what counts.
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def check_port(port: int, option: str) -> None:
    """Make sure that a port of this machine is free.

    Args:
        port: The port, on loopback.
        option: Option of the command that chooses another.

    Raises:
        ConfigurationError: If it is not; the text names the option that changes it.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            msg = f"port {port} is in use; choose another with {option}"
            raise ConfigurationError(msg) from error
