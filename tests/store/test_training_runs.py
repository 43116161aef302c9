import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow.entities import Dataset, DatasetInput, InputTag

from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.store.mlflow_connection import Connection
from monitoring_tasks.store.training_runs import LONGEST, TrainingRuns

pytestmark = [
    # MLflow's own tables use a loader strategy that SQLAlchemy 2.1 deprecates.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    # MLflow warns about type hints of its own classes while it is imported.
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType"),
    # MLflow makes its tables.
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def run_id(home: Path) -> Iterator[str]:
    """A run with all that a pack asks for."""
    url = f"sqlite:///{home / 'mlflow.db'}"
    (home / "mlflow.db").touch()
    client = Connection(url).client()
    experiment = client.create_experiment("e", artifact_location=str(home / "files"))
    run = client.create_run(experiment, run_name="tidy").info.run_id
    client.log_param(run, "depth", "3")
    client.log_param(run, "source", "postgresql://me:secret@host/db")
    client.log_metric(run, "auc", 0.7)
    client.set_tag(run, "note", "x" * 1000)
    client.set_tag(run, "coefficients", json.dumps({"a": -1.5, "b": True, "c": "no"}))
    client.log_dict(run, {"a": 3, "b": 1}, "feature_importances.json")
    client.log_dict(run, {"a": 3}, "other.json")
    data = Dataset("train", "d1gest", "local", "s3://lake/train")
    client.log_inputs(run, datasets=[DatasetInput(data, [InputTag("c", "training")])])
    yield run
    client.set_terminated(run)


def test_run_is_told_without_loading_a_model_or_showing_a_secret(
    home: Path, run_id: str
) -> None:
    """Parameters, data sets, weights as file and tag; long texts cut, secrets blank."""
    run = TrainingRuns(f"sqlite:///{home / 'mlflow.db'}").read(run_id)
    assert run.params == {"depth": "3", "source": "postgresql://***@host/db"}
    assert (run.metrics, run.name) == ({"auc": 0.7}, "tidy")
    assert len(run.tags["note"]) == LONGEST + 1
    assert [d["digest"] for d in run.datasets] == ["d1gest"]
    assert run.weights["feature_importances.json"] == {"a": 3, "b": 1}
    assert run.weights["coefficients"]["a"] == -1.5
    assert "other.json" not in run.weights
    assert (run.reason, run.started_at is None) == ("", False)


def test_run_that_is_gone_is_an_error(home: Path, run_id: str) -> None:
    """A version may name a run somebody deleted."""
    assert run_id
    with pytest.raises(VersionMissingError, match="has no run"):
        TrainingRuns(f"sqlite:///{home / 'mlflow.db'}").read("0" * 32)
