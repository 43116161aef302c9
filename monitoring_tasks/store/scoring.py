"""Scoring rows with registered versions, out of this process and within limits.

Loading a version runs its code, and it may hang, crash or eat memory. So this process
fetches the files, checks that they are those that were recorded and of an allowed
flavour, and a child loads them: without credentials, with bounded memory, killed with
all its own children when it does not answer in time.
"""

import json
import os
import re
import selectors
import shutil
import site
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from monitoring_tasks.domain.loading import LoadingPolicy, why_not_loaded
from monitoring_tasks.errors import RegistryError, SourceUnavailableError
from monitoring_tasks.settings import TELEMETRY_OFF
from monitoring_tasks.store.artifacts import Artifacts, read_flavors
from monitoring_tasks.store.hung_versions import HungVersions
from monitoring_tasks.store.mlflow_connection import without_secrets
from monitoring_tasks.store.worker_tree import (
    clear_stale_folders,
    end_tree,
    make_folder,
)

START_SECONDS = 120
"""Importing MLflow takes seconds; on a cold, busy machine tens of them."""
_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
)
_PACKAGE_ROOT = Path(__file__).parents[2]
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH")
_WANTS_MEMORY = re.compile(
    r"MemoryError|bad_alloc|bad allocation|[Cc]annot allocate memory|new thread"
)
"""How Python, C++ and the threads of numeric libraries say that memory ran out."""
_IN_TIME = " did not answer in time ({:g} seconds)"
_TAIL_CHARACTERS = 300
_LAST_BYTES = 4_096
_CHUNK_BYTES = 65_536
_ANSWER_BYTES = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is scored again.

    Attributes:
        model: Registered model name.
        id_column: Column that identifies a row.
        features: Columns offered to a version; each takes those of its signature.
        time_limit_seconds: A version that takes longer is given up.
        loading: Which versions may be loaded, and how much memory they may use.
        threads: Threads a version may use.
    """

    model: str
    id_column: str
    features: tuple[str, ...]
    time_limit_seconds: float
    loading: LoadingPolicy
    threads: int = 2


class Scorer:
    """A worker process that loads versions once and scores many files.

    Use as a context manager; leaving it kills the worker. POSIX only.
    """

    def __init__(self, job: Job, artifacts: Artifacts) -> None:
        """Remember the job; the worker starts with the first file.

        Args:
            job: What is scored, and within which limits.
            artifacts: Where the files of versions come from.
        """
        self._job = job
        self._artifacts = artifacts
        self._worker: subprocess.Popen[bytes] | None = None
        self._scratch: str | None = None
        self._hung = HungVersions(artifacts.cache.parent / "hung")
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed on exit)
        self._unread = b""
        self._loaded: set[str] = set()

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

    def score(
        self, frame_path: Path, versions: list[str], *, afresh: bool = False
    ) -> dict[str, Path | str]:
        """Score the rows of a Parquet file with each version.

        Args:
            frame_path: Parquet file with the id column and the features.
            versions: Registered versions; one that fails does not lose the others.
            afresh: Whether to fetch their files again, whatever lies here already.

        Returns:
            By version: a Parquet file beside `frame_path`, named
            `<stem>.scored-<version>.parquet`, with `id`, `score` (binary; one
            `score_<class>` per class beyond two; none without probabilities) and
            `prediction`, in the order of the rows; or, as text, why there is none.

        Raises:
            SourceUnavailableError: If files are to be fetched afresh and the registry
                does not answer. Otherwise that is a reason like any other.
        """
        return {one: self._score_one(frame_path, one, afresh) for one in versions}

    def _score_one(self, frame_path: Path, version: str, afresh: bool) -> Path | str:  # noqa: FBT001 (passed on)
        try:
            folder = self._artifacts.folder(self._job.model, version, afresh=afresh)
            refused = why_not_loaded(read_flavors(folder), self._job.loading)
        except SourceUnavailableError as error:
            if afresh:
                raise
            return str(error)
        except RegistryError as error:
            return str(error)
        if refused:
            return f"version {version} is not loaded: {refused}"
        out = frame_path.with_name(f"{frame_path.stem}.scored-{version}.parquet")
        out.unlink(missing_ok=True)
        whole = self._job.time_limit_seconds
        limit = whole if afresh else self._hung.limit(folder.name, whole)
        said = "" if afresh else self._hung.said(folder.name, whole)
        request = {
            "folder": str(folder.resolve()),
            "frame_path": str(frame_path.resolve()),
            "id_column": self._job.id_column,
            "features": list(self._job.features),
            "out": str(out.resolve()),
            "time_limit_seconds": limit,
        }
        reason = self._ask(version, request)
        if reason.endswith(_IN_TIME.format(limit)):
            self._hung.note(folder.name, limit)
            return f"{reason}{said}"
        self._hung.forget(folder.name)
        return reason or (out if out.is_file() else f"version {version} gave no rows")

    def _ask(self, version: str, request: dict[str, Any]) -> str:
        """Let the worker score; give why it did not, or nothing.

        Memory that other versions took is not held against this one: it is asked once
        more in a worker of its own.
        """
        reason = self._ask_once(version, request)
        if not _WANTS_MEMORY.search(reason):
            return reason
        shared = self._loaded - {version}
        self._stop()
        reason = self._ask_once(version, request) if shared else reason
        if not _WANTS_MEMORY.search(reason):
            return reason
        self._stop()
        return (
            f"version {version} needs more memory than the "
            f"{self._job.loading.memory_limit_mb} MiB that "
            "policy.versions.memory_limit_mb allows"
        )

    def _ask_once(self, version: str, request: dict[str, Any]) -> str:
        limit = float(request["time_limit_seconds"])
        try:
            self._start()
            self._loaded.add(version)
            return without_secrets(str(self._exchange(request, limit)["reason"]))
        except TimeoutError:
            self._stop()
            return f"version {version}{_IN_TIME.format(limit)}"
        except (OSError, EOFError, ValueError, TypeError, KeyError):
            # It is gone, or what it says is no answer of ours.
            return f"version {version} ended its process: {self._bury()}"

    def _start(self) -> None:
        if self._worker is not None:
            return
        self._unread = b""
        self._errors.seek(0)
        self._errors.truncate()
        clear_stale_folders()
        self._scratch = make_folder()
        self._worker = subprocess.Popen(
            [sys.executable, "-P", "-m", "monitoring_tasks.store.scoring_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            cwd=self._scratch,
            env=stripped_environment(self._job.threads, self._scratch),
            start_new_session=True,
        )
        hello = {"memory_limit_mb": self._job.loading.memory_limit_mb}
        self._exchange(hello, START_SECONDS)

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
                if len(self._unread) > _ANSWER_BYTES:
                    raise EOFError
        line, self._unread = self._unread.split(b"\n", 1)
        return line

    def _stop(self) -> None:
        """Kill the worker and whatever it started; nothing of it is left behind."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        folder, self._scratch = self._scratch or "", None
        end_tree(worker.pid, folder)
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                pipe.close()
        shutil.rmtree(folder, ignore_errors=True)
        self._loaded.clear()

    def _bury(self) -> str:
        """Stop a worker that ended by itself; give its last words."""
        worker = self._worker
        if worker is not None:
            with suppress(subprocess.TimeoutExpired):
                worker.wait(timeout=1)
        code = worker.poll() if worker is not None else None
        self._stop()
        end = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, end - _LAST_BYTES))
        text = self._errors.read().decode(errors="replace")
        short = " ".join(without_secrets(text).split())[-_TAIL_CHARACTERS:]
        if short:
            return short
        return (
            f"signal {-code}" if code is not None and code < 0 else "it wrote nothing"
        )


def stripped_environment(threads: int, scratch: str) -> dict[str, str]:
    """Give the child what Python and its libraries need, and nothing else of ours.

    No password, token or address: only what is named here is passed on.

    Args:
        threads: Threads a version may use.
        scratch: An empty folder: its home, and where temporary files go.
    """
    path = [str(_PACKAGE_ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        **kept,
        **TELEMETRY_OFF,
        **dict.fromkeys(_THREAD_VARIABLES, str(threads)),
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "HOME": scratch,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(str(Path(one).resolve()) for one in path if one),
        "PYTHONUSERBASE": site.getuserbase(),
        "TMPDIR": scratch,
    }
