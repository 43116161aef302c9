import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from monitoring_tasks.contract.versions import LoadingPolicy
from monitoring_tasks.store.artifacts import Artifacts
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.registering import Predictor
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.scoring import Job, Scorer
from monitoring_tasks.store.versions import Training
from monitoring_tasks.store.worker_process import WorkerProcess

pytestmark = [
    # MLflow's own tables use a loader strategy that SQLAlchemy 2.1 deprecates.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    # MLflow warns about type hints of its own classes while it is imported.
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType"),
]

TRAINING = Training(trained_from=date(2020, 1, 1), trained_until=date(2020, 1, 31))
ROWS = pd.DataFrame(
    {
        "key": [f"r{at}" for at in range(60)],
        "a": np.linspace(-1, 1, 60),
        "b": np.tile([0, 1, 2], 20),
    }
)
FEATURES = ROWS[["a", "b"]]
MODELS: dict[str, Predictor] = {
    "binary": LogisticRegression().fit(FEATURES, ROWS["a"] > 0),
    "multiclass": LogisticRegression().fit(
        FEATURES, ROWS["b"].map(list("xyz").__getitem__)
    ),
    "regression": LinearRegression().fit(FEATURES, ROWS["a"] * 3),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with a version or two of each kind of model, and rows to score."""
    folder = tmp_path_factory.mktemp("scoring")
    registry = Registry(f"sqlite:///{folder / 'mlflow.db'}")
    for name in ("binary", *MODELS):  # two versions of the first
        registry.register(name, MODELS[name], example=FEATURES, training=TRAINING)
    ROWS.to_parquet(folder / "rows.parquet")
    return folder


@pytest.fixture(scope="module")
def worker(home: Path) -> Iterator[Scorer]:
    """One worker for all tests: starting one takes seconds."""
    with Scorer(make_job(), make_artifacts(home)) as running:
        yield running


@pytest.fixture
def scorer(worker: Scorer) -> Scorer:
    """The worker's owner, on the binary model unless a test changes its job."""
    worker._job = make_job()
    return worker


def make_job() -> Job:
    return Job(
        model="binary",
        id_column="key",
        features=("a", "b"),
        time_limit_seconds=60,
        loading=LoadingPolicy(memory_limit_mb=1024),
    )


def make_artifacts(home: Path) -> Artifacts:
    return Artifacts(
        registry=Registry(f"sqlite:///{home / 'mlflow.db'}"),
        journal=Journal(Database(f"sqlite:///{home / 'store.db'}")),
        cache=home / "cache",
        now=lambda _: datetime(2020, 3, 1, tzinfo=UTC),
    )


def change_job(scorer: Scorer, **changes: Any) -> None:  # noqa: ANN401 (any field)
    scorer._job = replace(scorer._job, **changes)


def read(answer: Path | str) -> pd.DataFrame:
    assert isinstance(answer, Path), answer
    return pd.read_parquet(answer)


def test_scores_are_those_of_the_model_in_the_order_of_the_rows(
    scorer: Scorer, home: Path
) -> None:
    """The score is the probability of the positive class."""
    scored = read(scorer.score(home / "rows.parquet", ["1"])["1"])
    direct = MODELS["binary"].predict_proba(FEATURES)[:, 1]  # type: ignore[attr-defined]  # of a classifier
    assert list(scored) == ["id", "score", "prediction"]
    assert list(scored["id"]) == list(ROWS["key"])
    np.testing.assert_allclose(scored["score"], direct)
    assert (scored["prediction"] == (direct > 0.5)).all()


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        pytest.param("regression", ["id", "prediction"], id="regression"),
        pytest.param(
            "multiclass",
            ["id", "score_x", "score_y", "score_z", "prediction"],
            id="multiclass",
        ),
    ],
)
def test_columns_follow_the_kind_of_model(
    scorer: Scorer, home: Path, model: str, columns: list[str]
) -> None:
    """More than two classes give a column each; without probabilities there is none."""
    change_job(scorer, model=model)
    scored = read(scorer.score(home / "rows.parquet", ["1"])["1"])
    assert list(scored) == columns
    # The child may use another kernel of the linear algebra: the last bit can differ.
    wanted = MODELS[model].predict(FEATURES)
    is_number = model == "regression"
    assert list(scored["prediction"]) == (
        pytest.approx(wanted) if is_number else list(wanted)
    )


def test_an_absent_version_does_not_lose_the_others(scorer: Scorer, home: Path) -> None:
    """Every version answers for itself."""
    answers = scorer.score(home / "rows.parquet", ["9", "1"])
    assert "no version 9" in str(answers["9"])
    assert len(read(answers["1"])) == len(ROWS)


def test_nulls_among_whole_numbers_are_passed_on(
    scorer: Scorer, tmp_path: Path
) -> None:
    """A model that cannot take nulls says so; the column's type is not the reason."""
    ROWS.assign(b=ROWS["b"].where(ROWS["b"] > 0)).to_parquet(tmp_path / "rows.parquet")
    answer = scorer.score(tmp_path / "rows.parquet", ["1"])["1"]
    assert "contains NaN" in str(answer)


def test_a_file_that_cannot_be_read_is_a_reason(scorer: Scorer, tmp_path: Path) -> None:
    """Trouble with the rows is told in words and ends nothing."""
    answer = scorer.score(tmp_path / "absent.parquet", ["1"])["1"]
    assert "FileNotFoundError" in str(answer)


def test_a_missing_feature_is_named(scorer: Scorer, home: Path) -> None:
    """A version that needs more than the contract declares cannot be compared."""
    change_job(scorer, features=("a",))
    answer = scorer.score(home / "rows.parquet", ["1"])["1"]
    assert "columns that are not there: b" in str(answer)


def test_one_worker_serves_many_files(scorer: Scorer, home: Path) -> None:
    """A model is loaded once, however many days are scored."""
    scorer.score(home / "rows.parquet", ["1"])
    first = scorer._worker.child
    scorer.score(home / "rows.parquet", ["1"])
    assert scorer._worker.child is first


def test_a_version_of_another_flavour_is_not_loaded(scorer: Scorer, home: Path) -> None:
    """What the contract does not allow never reaches the worker."""
    change_job(scorer, loading=LoadingPolicy(flavors=("xgboost",)))
    scorer._worker.stop()
    answer = scorer.score(home / "rows.parquet", ["1"])["1"]
    assert answer == (
        "version 1 is not loaded: its flavour sklearn is not allowed; "
        "policy.versions.flavors allows xgboost"
    )
    assert scorer._worker.child is None


@pytest.mark.slow
def test_scorer_leaves_nothing_behind(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is killed once the versions are scored, and its home removed."""
    started, folders = [], []
    start = WorkerProcess.start

    def watch(self: WorkerProcess, **limits: Any) -> None:  # noqa: ANN401 (passed on)
        start(self, **limits)
        started.append(self.child)
        folders.append(Path(str(self.folder)))

    monkeypatch.setattr(WorkerProcess, "start", watch)
    with Scorer(make_job(), make_artifacts(home)) as scorer:
        assert len(read(scorer.score(home / "rows.parquet", ["1"])["1"])) == len(ROWS)
        assert list(folders[0].iterdir()) == []
    assert [one.returncode for one in started if one] == [-signal.SIGKILL]
    assert not folders[0].exists()


@pytest.mark.slow
def test_a_worker_that_stands_still_is_given_up(scorer: Scorer, home: Path) -> None:
    """A stuck worker is killed at the limit; a new one takes the next version."""
    scorer.score(home / "rows.parquet", ["1"])
    stuck = scorer._worker.child
    assert stuck is not None
    os.kill(stuck.pid, signal.SIGSTOP)
    change_job(scorer, time_limit_seconds=0.5)
    answer = scorer.score(home / "rows.parquet", ["1"])["1"]
    assert answer == "version 1 did not answer in time (0.5 seconds)"
    assert stuck.returncode == -signal.SIGKILL
    change_job(scorer, time_limit_seconds=60)
    assert len(read(scorer.score(home / "rows.parquet", ["1"])["1"])) == len(ROWS)


@pytest.mark.slow
def test_a_worker_that_dies_costs_one_version(scorer: Scorer, home: Path) -> None:
    """A crash does not lose the other versions; its last words hold no secret.

    Nor is it an answer: that the version hung before is still remembered.
    """
    scorer.score(home / "rows.parquet", ["1"])
    digest = scorer._artifacts.folder("binary", "2").name
    scorer._hung.note(digest, 60)
    assert scorer._worker.child is not None
    scorer._worker.errors.write(b"at http://me:hunter22@host")
    scorer._worker.child.kill()
    answers = scorer.score(home / "rows.parquet", ["2", "1"])
    assert "ended its process: " in str(answers["2"])
    assert str(answers["2"]).endswith("at http://***@host")
    assert scorer._hung.limit(digest, 60) == 6
    scorer._hung.forget(digest)
    assert len(read(answers["1"])) == len(ROWS)
