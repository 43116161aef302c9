"""Versions that hang, eat memory, look around, start processes or break down."""

import builtins
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import cloudpickle  # type: ignore[import-untyped]  # it has no types
import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator

from monitoring_tasks.contract.versions import LoadingPolicy
from monitoring_tasks.store.artifacts import Artifacts
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.scoring import Job, Scorer
from monitoring_tasks.store.versions import Training

pytestmark = [
    # MLflow's own tables use a loader strategy that SQLAlchemy 2.1 deprecates.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    # MLflow warns about type hints of its own classes while it is imported.
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType"),
    pytest.mark.slow,
]

MODEL = "odd"
TRAINING = Training(
    trained_from=date(2020, 1, 1),
    trained_until=date(2020, 1, 31),
    serialization_format="cloudpickle",
    requirements=("scikit-learn",),
)
ROWS = pd.DataFrame({"key": ["x", "y", "z"], "a": [0.0, 1.0, 2.0]})
SECRETS = {
    "MLFLOW_TRACKING_PASSWORD": "hunter22-mlflow",
    "MLFLOW_TRACKING_URI": "http://ann:hunter22-address@host",
    "AWS_SECRET_ACCESS_KEY": "hunter22-aws",
    "DAYWATCH_STORE_URL": "postgresql://ann:hunter22-store@host/db",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://ann:hunter22-airflow@h/db",
    "SOME_TOKEN": "hunter22-token",
}


class Odd(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """An estimator that behaves once it is in a worker; it travels with its code."""

    def __init__(self, behave: Callable[[pd.DataFrame], Any], place: str) -> None:
        self.behave = behave
        self.place = place

    def predict(self, rows: pd.DataFrame) -> Any:  # noqa: ANN401
        if "daywatch-worker-" not in str(Path.cwd()):
            return np.zeros(len(rows))
        os.environ["PLACE"] = self.place
        return self.behave(rows)


def double(rows: pd.DataFrame) -> Any:  # noqa: ANN401
    return rows["a"] * 2


def hang(rows: pd.DataFrame) -> Any:  # noqa: ANN401
    time.sleep(600)
    return rows["a"]


def eat(rows: pd.DataFrame) -> Any:  # noqa: ANN401
    held = []
    while True:
        held.append(np.ones((len(rows), 4_000_000)))


def eat_and_hide_it(rows: pd.DataFrame) -> Any:  # noqa: ANN401
    try:
        return eat(rows)
    except MemoryError as error:
        msg = "something went wrong"
        raise ValueError(msg) from error


def keep_400_mb(rows: pd.DataFrame) -> Any:  # noqa: ANN401
    builtins.kept = getattr(builtins, "kept", [])  # type: ignore[attr-defined]  # ours
    builtins.kept.append((os.environ["PLACE"], np.ones(50_000_000)))  # type: ignore[attr-defined]  # ours
    return rows["a"]


def tell_environment(rows: pd.DataFrame) -> Any:  # noqa: ANN401
    return [repr(dict(os.environ))] * len(rows)


def start_child(rows: pd.DataFrame) -> Any:  # noqa: ANN401
    child = subprocess.Popen(["/bin/sleep", "600"])
    Path(os.environ["PLACE"]).write_text(str(child.pid))
    time.sleep(600)
    return rows["a"]


def write_to_stdout(rows: pd.DataFrame) -> Any:  # noqa: ANN401
    os.write(1, b'{"reason": "from the model"}\n')
    return double(rows)


def talk_nonsense(rows: pd.DataFrame) -> Any:  # noqa: ANN401
    for number in range(3, 30):
        with suppress(OSError):
            os.write(number, b"no answer of ours\n")
    return rows["a"]


def abort(rows: pd.DataFrame) -> Any:  # noqa: ANN401, ARG001
    os.abort()


BEHAVIOURS = [
    double,
    hang,
    eat,
    eat_and_hide_it,
    keep_400_mb,
    keep_400_mb,
    tell_environment,
    start_child,
    write_to_stdout,
    talk_nonsense,
    abort,
]
VERSIONS = {f"{one.__name__}": str(at) for at, one in enumerate(BEHAVIOURS, start=1)}
"""The version that behaves like this; the last of two that do."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with a version of each behaviour, and rows to score."""
    folder = tmp_path_factory.mktemp("hostile")
    registry = Registry(f"sqlite:///{folder / 'mlflow.db'}")
    here = sys.modules[__name__]
    cloudpickle.register_pickle_by_value(here)
    for behave in BEHAVIOURS:
        model = Odd(behave, str(folder / "child"))
        registry.register(MODEL, model, example=ROWS[["a"]], training=TRAINING)
    cloudpickle.unregister_pickle_by_value(here)
    ROWS.to_parquet(folder / "rows.parquet")
    return folder


@pytest.fixture(scope="module")
def worker(place: Path) -> Iterator[Scorer]:
    """One scorer for all tests: starting a worker takes seconds."""
    job = Job(
        model=MODEL,
        id_column="key",
        features=("a",),
        time_limit_seconds=60,
        loading=LoadingPolicy(memory_limit_mb=1024),
    )
    artifacts = Artifacts(
        registry=Registry(f"sqlite:///{place / 'mlflow.db'}"),
        journal=Journal(Database(f"sqlite:///{place / 'store.db'}")),
        cache=place / "cache",
        now=lambda _: datetime(2020, 3, 1, tzinfo=UTC),
    )
    with Scorer(job, artifacts) as running:
        yield running


def score(scorer: Scorer, place: Path, *names: str) -> list[Path | str]:
    """Score with the versions that behave like this, in this order."""
    versions = [VERSIONS[name] for name in names]
    return list(scorer.score(place / "rows.parquet", versions).values())


def predictions(answer: Path | str) -> list[Any]:
    assert isinstance(answer, Path), answer
    return list(pd.read_parquet(answer)["prediction"])


def test_a_version_that_hangs_costs_itself_only(worker: Scorer, place: Path) -> None:
    """It is killed at the limit and said so; the next version scores."""
    predictions(score(worker, place, "double")[0])
    unhurried = worker._job
    worker._job = replace(unhurried, time_limit_seconds=1)
    begun = time.monotonic()
    (stuck,) = score(worker, place, "hang")
    worker._job = unhurried
    assert stuck == "version 2 did not answer in time (1 seconds)"
    assert time.monotonic() - begun < 60
    assert predictions(score(worker, place, "double")[0]) == [0, 2, 4]


@pytest.mark.parametrize("name", ["eat", "eat_and_hide_it"])
def test_a_version_without_bounds_on_memory_is_refused(
    worker: Scorer, place: Path, name: str
) -> None:
    """The reason names the limit and its key; the others still score."""
    greedy, modest = score(worker, place, name, "double")
    assert greedy == (
        f"version {VERSIONS[name]} needs more memory than the 1024 MiB that "
        "policy.versions.memory_limit_mb allows"
    )
    assert predictions(modest) == [0, 2, 4]


def test_memory_of_others_is_not_held_against_a_version(
    worker: Scorer, place: Path
) -> None:
    """Two versions that fit alone both score, though not both in one worker."""
    answers = worker.score(place / "rows.parquet", ["5", "6"])
    assert [predictions(one) for one in answers.values()] == [[0, 1, 2], [0, 1, 2]]
    assert worker._worker.loaded == {"6"}


def test_a_version_sees_no_secret(
    worker: Scorer, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither credentials nor addresses of ours are in its environment."""
    worker._worker.stop()
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    (told,) = set(predictions(score(worker, place, "tell_environment")[0]))
    assert "hunter22" not in told
    assert [name for name in SECRETS if name in told] == []
    assert f"'HOME': '{os.environ['HOME']}'" not in told


def test_what_a_version_started_is_killed_with_it(worker: Scorer, place: Path) -> None:
    """A child that sleeps on does not outlive the time limit."""
    predictions(score(worker, place, "double")[0])
    unhurried = worker._job
    worker._job = replace(unhurried, time_limit_seconds=1)
    (stuck,) = score(worker, place, "start_child")
    worker._job = unhurried
    assert "did not answer in time" in str(stuck)
    child = Path("/proc") / (place / "child").read_text() / "stat"
    deadline = time.monotonic() + 5
    while child.exists() and " Z " not in child.read_text():
        assert time.monotonic() < deadline, "the child is still there"
        time.sleep(0.05)


def test_a_version_may_write_to_stdout(worker: Scorer, place: Path) -> None:
    """What it prints is never taken for an answer."""
    (answer,) = score(worker, place, "write_to_stdout")
    assert predictions(answer) == [0, 2, 4]


@pytest.mark.parametrize("name", ["talk_nonsense", "abort"])
def test_a_version_that_breaks_its_worker_costs_itself_only(
    worker: Scorer, place: Path, name: str
) -> None:
    """Nonsense in place of an answer, or none at all, is a reason."""
    broken, sound = score(worker, place, name, "double")
    assert f"version {VERSIONS[name]} ended its process: " in str(broken)
    assert predictions(sound) == [0, 2, 4]


def test_a_worker_ends_when_nobody_waits_for_it(worker: Scorer, place: Path) -> None:
    """Should the parent be killed while a version hangs, the worker ends by itself."""
    predictions(score(worker, place, "double")[0])
    folder = worker._artifacts.folder(MODEL, VERSIONS["hang"])
    assert worker._worker.child is not None
    with pytest.raises(TimeoutError):
        worker._worker.exchange(
            {
                "folder": str(folder),
                "frame_path": str(place / "rows.parquet"),
                "id_column": "key",
                "features": ["a"],
                "out": str(place / "never.parquet"),
                "time_limit_seconds": -9,
            },
            0.1,
        )
    assert worker._worker.child.wait(timeout=10) < 0
    worker._worker.stop()
