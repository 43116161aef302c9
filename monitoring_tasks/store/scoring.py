"""Scoring rows with registered versions, out of this process and within a time limit.

A version may hang, crash or eat memory, and loading one runs its code; so it runs in
a child that is killed, with all its own children, when it does not answer in time.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from monitoring_tasks.settings import TELEMETRY_OFF
from monitoring_tasks.store.mlflow_connection import without_secrets

START_SECONDS = 120
"""Importing MLflow takes seconds; on a cold, busy machine tens of them."""
_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
)
_PACKAGE_ROOT = Path(__file__).parents[2]
_TAIL_CHARACTERS = 300
_CHUNK_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is scored again.

    Attributes:
        registry_url: MLflow address.
        model: Registered model name.
        id_column: Column that identifies a row.
        features: Columns offered to a version; each takes those of its signature.
        time_limit_seconds: A version that takes longer is given up.
        threads: Threads a version may use.
    """

    registry_url: str
    model: str
    id_column: str
    features: tuple[str, ...]
    time_limit_seconds: float
    threads: int = 2


class Scorer:
    """A worker process that loads versions once and scores many files.

    Use as a context manager; leaving it kills the worker. POSIX only.
    """

    def __init__(self, job: Job) -> None:
        """Remember the job; the worker starts with the first file."""
        self._job = job
        self._worker: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed on exit)
        self._unread = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        self._errors.close()

    def score(self, frame_path: Path, versions: list[str]) -> dict[str, Path | str]:
        """Score the rows of a Parquet file with each version.

        Args:
            frame_path: Parquet file with the id column and the features.
            versions: Registered versions; one that fails does not lose the others.

        Returns:
            By version: a Parquet file beside `frame_path`, named
            `<stem>.scored-<version>.parquet`, with `id`, `score` (binary; one
            `score_<class>` per class beyond two; none without probabilities) and
            `prediction`, in the order of the rows; or, as text, why there is none.
        """
        return {version: self._score_one(frame_path, version) for version in versions}

    def _score_one(self, frame_path: Path, version: str) -> Path | str:
        out = frame_path.with_name(f"{frame_path.stem}.scored-{version}.parquet")
        request = {
            "model": self._job.model,
            "version": version,
            "frame_path": str(frame_path),
            "id_column": self._job.id_column,
            "features": list(self._job.features),
            "out": str(out),
        }
        limit = self._job.time_limit_seconds
        try:
            self._start()
            reason = str(self._exchange(request, limit)["reason"])
        except TimeoutError:
            self._stop()
            return f"version {version} did not answer in time ({limit:g} seconds)"
        except (OSError, EOFError):
            self._stop()
            return f"version {version} ended its process: {self._last_words()}"
        return reason or out

    def _start(self) -> None:
        if self._worker is not None:
            return
        self._unread = b""
        self._errors.seek(0)
        self._errors.truncate()
        self._worker = subprocess.Popen(
            [sys.executable, "-m", "monitoring_tasks.store.scoring_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            env=_environment(self._job.threads),
            start_new_session=True,
        )
        self._exchange({"registry_url": self._job.registry_url}, START_SECONDS)

    def _exchange(self, request: dict[str, Any], limit_seconds: float) -> Any:  # noqa: ANN401 (JSON)
        if self._worker is None or self._worker.stdin is None:
            raise EOFError
        self._worker.stdin.write(json.dumps(request).encode() + b"\n")
        return json.loads(self._read_line(time.monotonic() + limit_seconds))

    def _read_line(self, deadline: float) -> bytes:
        """Wait for one line; TimeoutError after the deadline, EOFError at the end."""
        if self._worker is None or self._worker.stdout is None:
            raise EOFError
        with selectors.DefaultSelector() as selector:
            selector.register(self._worker.stdout, selectors.EVENT_READ)
            while b"\n" not in self._unread:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                chunk = os.read(self._worker.stdout.fileno(), _CHUNK_BYTES)
                if not chunk:
                    raise EOFError
                self._unread += chunk
        line, self._unread = self._unread.split(b"\n", 1)
        return line

    def _stop(self) -> None:
        """Kill the worker and whatever it started; nothing of it is left behind."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        with suppress(ProcessLookupError):  # it is gone already
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                pipe.close()

    def _last_words(self) -> str:
        self._errors.seek(0)
        text = self._errors.read().decode(errors="replace")
        short = " ".join(without_secrets(text).split())[-_TAIL_CHARACTERS:]
        return short or "it wrote nothing"


def _environment(threads: int) -> dict[str, str]:
    """Give the child our package and few threads, and no telemetry."""
    path = [str(_PACKAGE_ROOT), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        **TELEMETRY_OFF,
        **dict.fromkeys(_THREAD_VARIABLES, str(threads)),
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
    }
