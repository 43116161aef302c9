"""Scoring rows with registered versions, out of this process and within limits.

Loading a version runs its code, and it may hang, crash or eat memory. So this process
fetches the files, checks that they are those that were recorded and of an allowed
flavour, and a child loads them: without credentials, with bounded memory, killed with
all its own children when it does not answer in time.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from monitoring_tasks.contract.flavors import why_not_loaded
from monitoring_tasks.contract.versions import LoadingPolicy
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.errors import RegistryError, SourceUnavailableError
from monitoring_tasks.store.artifacts import Artifacts, read_flavors
from monitoring_tasks.store.hung_versions import HungVersions
from monitoring_tasks.store.mlflow_connection import without_secrets
from monitoring_tasks.store.requirements import remedy_for
from monitoring_tasks.store.worker_process import WorkerProcess

_WANTS_MEMORY = re.compile(
    r"MemoryError|bad_alloc|bad allocation|[Cc]annot allocate memory|new thread"
)
"""How Python, C++ and the threads of numeric libraries say that memory ran out."""
_NO_ANSWER = (OSError, EOFError, ValueError, TypeError, KeyError)
"""It is gone, or what it says is no answer of ours."""


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
        python: The interpreter that scores (`response.scoring.python`); empty for the
            one that runs Daywatch.
    """

    model: str
    id_column: str
    features: tuple[str, ...]
    time_limit_seconds: float
    loading: LoadingPolicy
    threads: int = 2
    python: str = ""


@dataclass(frozen=True, slots=True)
class _Reply:
    """Why rows were not scored, nothing when they were; and how that came.

    `hung`: no answer in time. `ended`: the process is gone. `not started`: there was
    none to ask, which says nothing about the version. `by_model`: its own code or
    libraries failed, not the rows.
    """

    reason: str
    how: Literal["answered", "hung", "ended", "not started"] = "answered"
    by_model: bool = False


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
        self._worker = WorkerProcess()
        self._hung = HungVersions(artifacts.cache.parent / "hung")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._worker.close()

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
        return {
            version: self._score_one(frame_path, version, afresh)
            for version in versions
        }

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
        out.unlink(missing_ok=True)  # that of an earlier try would pass for today's
        full_limit = self._job.time_limit_seconds
        # Afresh is right before a move: then it gets all its time, hung once or not.
        limit = full_limit if afresh else self._hung.limit(folder.name, full_limit)
        remark = "" if afresh else self._hung.remark(folder.name, full_limit)
        request = {
            "folder": str(folder.resolve()),
            "frame_path": str(frame_path.resolve()),
            "id_column": self._job.id_column,
            "features": list(self._job.features),
            "out": str(out.resolve()),
            "time_limit_seconds": limit,
        }
        reply = self._ask(version, request)
        if reply.how == "hung":
            self._hung.note(folder.name, limit)
            return f"{reply.reason}{remark}"
        if reply.how == "answered":
            self._hung.forget(folder.name)
        if reply.by_model:
            remedy = remedy_for(folder, self._worker.installed, self._job.python)
            return f"{reply.reason}{remedy}"
        return reply.reason or (
            out if out.is_file() else f"version {version} gave no rows"
        )

    def _ask(self, version: str, request: JsonObject) -> _Reply:
        """Let the worker score; return why it did not, or nothing.

        Memory that other versions took is not held against this one: it is asked once
        more in a worker of its own.
        """
        reply = self._ask_once(version, request)
        if not _WANTS_MEMORY.search(reply.reason):
            return reply
        shared = self._worker.loaded - {version}
        self._worker.stop()
        reply = self._ask_once(version, request) if shared else reply
        if not _WANTS_MEMORY.search(reply.reason):
            return reply
        self._worker.stop()
        reason = (
            f"version {version} needs more memory than the "
            f"{self._job.loading.memory_limit_mb} MiB that "
            "policy.versions.memory_limit_mb allows"
        )
        return replace(reply, reason=reason, by_model=False)

    def _ask_once(self, version: str, request: JsonObject) -> _Reply:
        try:
            self._worker.start(
                python=self._job.python,
                threads=self._job.threads,
                memory_limit_mb=self._job.loading.memory_limit_mb,
            )
        except (*_NO_ANSWER, TimeoutError) as error:
            return _Reply(self._why_not_started(version, error), "not started")
        limit = float(request["time_limit_seconds"])
        try:
            self._worker.loaded.add(version)
            answer = self._worker.exchange(request, limit)
            reason = without_secrets(str(answer["reason"]))
            return _Reply(reason, by_model=bool(reason) and answer["by_model"] is True)
        except TimeoutError:
            self._worker.stop()
            reason = f"version {version} did not answer in time ({limit:g} seconds)"
            return _Reply(reason, "hung")
        except _NO_ANSWER:
            reason = f"version {version} ended its process: {self._worker.bury()}"
            return _Reply(reason, "ended", by_model=True)

    def _why_not_started(self, version: str, error: Exception) -> str:
        python = self._job.python
        with_what = f" with {python} (response.scoring.python)" if python else ""
        return (
            f"version {version} was not scored: the scoring process did not start"
            f"{with_what}: {self._worker.why_not_started(error)}"
        )
