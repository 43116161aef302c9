"""Interpreters of their own: looked at by `check`, and scoring for real."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from monitoring_tasks.contract.response import Response
from monitoring_tasks.contract.versions import LoadingPolicy
from monitoring_tasks.store.artifacts import Artifacts
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.interpreters import interpreter_fault
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.scoring import Job, Scorer
from monitoring_tasks.store.versions import Training

pytestmark = [
    # MLflow's own tables use a loader strategy that SQLAlchemy 2.1 deprecates.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    # MLflow warns about type hints of its own classes while it is imported.
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType"),
]

LIBRARIES = Path(pd.__file__).parents[1]
ROWS = pd.DataFrame({"key": ["x", "y", "z"], "a": [0.0, 1.0, 2.0]})


def make_interpreter(folder: Path, *, with_libraries: bool) -> Path:
    """An environment of its own, with the libraries of this one or with none."""
    subprocess.run(  # noqa: S603 (the standard library's own command)
        [sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True
    )
    if with_libraries:
        (site,) = folder.glob("lib/python*/site-packages")
        (site / "shared.pth").write_text(f"{LIBRARIES}\n")
    return folder / "bin" / "python"


def test_an_interpreter_with_mlflow_can_score(tmp_path: Path) -> None:
    """Nothing is said of one that has all that is needed."""
    python = make_interpreter(tmp_path / "own", with_libraries=True)
    assert interpreter_fault(str(python)) == ""


def test_what_an_interpreter_lacks_is_named(tmp_path: Path) -> None:
    """Our own libraries do not shine through."""
    python = make_interpreter(tmp_path / "own", with_libraries=False)
    assert interpreter_fault(str(python)) == (
        f"{python} lacks mlflow, pandas, pyarrow; install mlflow, pandas, pyarrow there"
    )


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param(None, "is not there", id="absent"),
        pytest.param("", "cannot be started (OSError)", id="empty"),
        pytest.param(
            "#!/bin/sh\necho no such option >&2; exit 2\n",
            "is no Python interpreter that works (it says: no such option)",
            id="another-program",
        ),
    ],
)
def test_what_is_no_interpreter_is_said(
    tmp_path: Path, script: str | None, said: str
) -> None:
    """The sentence names the path and what is wrong with it."""
    path = tmp_path / "python"
    if script is not None:
        path.write_text(script)
        path.chmod(0o755)
    assert interpreter_fault(str(path)).startswith(f"{path} {said}")


def test_a_relative_interpreter_is_refused() -> None:
    """Where a step starts is not where the contract lies."""
    with pytest.raises(ValueError, match="is no absolute path"):
        Response.model_validate({"scoring": {"python": "venv/bin/python"}})


@pytest.mark.slow
def test_versions_are_scored_by_the_interpreter_that_is_named(tmp_path: Path) -> None:
    """For real: its own packages, the same scores; what differs is named.

    The second version says it was logged with an older scikit-learn.
    """
    python = make_interpreter(tmp_path / "own", with_libraries=True)
    registry = Registry(f"sqlite:///{tmp_path / 'mlflow.db'}")
    model = LinearRegression().fit(ROWS[["a"]], ROWS["a"] * 2)
    for requirements in (("numpy",), ("scikit-learn==0.1.0", "numpy")):
        training = Training(
            trained_from=date(2020, 1, 1),
            trained_until=date(2020, 1, 31),
            requirements=requirements,
        )
        registry.register("own", model, example=ROWS[["a"]], training=training)
    artifacts = Artifacts(
        registry=registry,
        journal=Journal(Database(f"sqlite:///{tmp_path / 'store.db'}")),
        cache=tmp_path / "cache",
        now=lambda _: datetime(2020, 3, 1, tzinfo=UTC),
    )
    job = Job(
        model="own",
        id_column="key",
        features=("a",),
        time_limit_seconds=60,
        loading=LoadingPolicy(memory_limit_mb=1024),
        python=str(python),
    )
    ROWS.to_parquet(tmp_path / "rows.parquet")
    with Scorer(job, artifacts) as scorer:
        answer = scorer.score(tmp_path / "rows.parquet", ["1"])["1"]
        assert isinstance(answer, Path), answer
        scored = pd.read_parquet(answer)["prediction"]
        np.testing.assert_allclose(scored, [0, 2, 4], atol=1e-9)
        assert scorer._worker.child is not None
        started = Path(f"/proc/{scorer._worker.child.pid}/cmdline").read_bytes()
        assert started.startswith(f"{python}\0-I\0".encode())
        broken = ROWS.assign(a=["no", "number", "here"])
        broken.to_parquet(tmp_path / "broken.parquet")
        reason = str(scorer.score(tmp_path / "broken.parquet", ["2"])["2"])
        libraries = scorer._worker.installed.libraries
        assert reason.endswith(
            "; logged with scikit-learn 0.1.0, here "
            f"{libraries['scikit-learn']} ({python}): install the "
            "model's own there"
        )
        scorer._worker.stop()
        python.unlink()
        lost = str(scorer.score(tmp_path / "rows.parquet", ["1"])["1"])
    assert f"did not start with {python} (response.scoring.python)" in lost
