"""MLflow as it is run in earnest: a server process of its own, on a free local port."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

START_SECONDS = 120
QUIET = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "1"}
"""Without jobs it is two processes instead of ten, none of which is needed here."""


@dataclass
class MlflowServer:
    """One tracking server; use as a context manager.

    Attributes:
        backend: SQLAlchemy URL of its database.
        folder: For its artifacts and its log.
        options: Further options of `mlflow server`.
        environment: Further variables.
    """

    backend: str
    folder: Path
    options: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: "subprocess.Popen[bytes] | None" = None

    def __enter__(self) -> Self:
        self.port = _free_port()
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where to ask."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers; on the same port as before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (our own Python)
                self._command(),
                env={**os.environ, **QUIET, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            log_text = (self.folder / "server.log").read_text()
            assert self._process.poll() is None, log_text[-2000:]
            assert time.monotonic() < deadline, log_text[-2000:]
            time.sleep(0.1)

    def stop(self) -> None:
        """Kill it and its children, as a machine that goes down does."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    @property
    def is_up(self) -> bool:
        """Whether it runs."""
        return self._process is not None

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "mlflow", "server"),
            *("--backend-store-uri", self.backend),
            *("--artifacts-destination", (self.folder / "artifacts").as_uri()),
            *("--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"),
            *self.options,
        ]

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/health", timeout=5) as answer:  # noqa: S310 (ours)
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
