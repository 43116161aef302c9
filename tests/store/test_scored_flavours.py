"""Every flavour a contract allows: fitted, registered, loaded by the worker, scored."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from monitoring_tasks.contract.flavors import OWN_CODE
from monitoring_tasks.contract.versions import LoadingPolicy
from monitoring_tasks.store.artifacts import Artifacts
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.scoring import Job, Scorer

pytestmark = [
    # MLflow's own tables use a loader strategy that SQLAlchemy 2.1 deprecates.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    # MLflow warns about type hints of its own classes while it is imported.
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType"),
    # Native boosters warn of older interfaces of their own.
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.slow,
]

MODEL = "trees"
NOISE = np.random.default_rng(0).normal(size=(60, 2))
FEATURES = pd.DataFrame(NOISE, columns=["a", "b"])
ROWS = FEATURES.assign(key=[f"r{at}" for at in range(60)])
TWO = (NOISE[:, 0] > 0).astype(int)
THREE = np.digitize(NOISE[:, 0], [-0.4, 0.4])
FEW = {"n_estimators": 3, "n_jobs": 1}
Logged = tuple[Any, dict[str, Any], np.ndarray]
"""An MLflow flavour, what its `log_model` takes, and the probabilities to expect."""


def pipeline(estimator: Any, form: str = "cloudpickle", trusted: str = "") -> Logged:  # noqa: ANN401
    fitted = make_pipeline(StandardScaler(), estimator).fit(FEATURES, TWO)
    kept = {"sk_model": fitted, "serialization_format": form}
    if trusted:
        kept["skops_trusted_types"] = trusted.split()
    return mlflow.sklearn, kept, fitted.predict_proba(FEATURES)


def lightgbm_pipeline() -> Logged:
    lightgbm = pytest.importorskip("lightgbm")
    return pipeline(lightgbm.LGBMClassifier(**FEW, verbose=-1))


def lightgbm_in_skops() -> Logged:
    lightgbm = pytest.importorskip("lightgbm")
    trusted = "lightgbm.sklearn.LGBMClassifier lightgbm.basic.Booster "
    trusted += "collections.OrderedDict collections.defaultdict"
    return pipeline(lightgbm.LGBMClassifier(**FEW, verbose=-1), "skops", trusted)


def xgboost_pipeline() -> Logged:
    xgboost = pytest.importorskip("xgboost")
    return pipeline(xgboost.XGBClassifier(**FEW))


def catboost_pipeline() -> Logged:
    return pipeline(make_catboost())


def make_catboost() -> Any:  # noqa: ANN401 (it has no types)
    catboost = pytest.importorskip("catboost")
    return catboost.CatBoostClassifier(
        iterations=3, verbose=False, allow_writing_files=False, thread_count=1
    )


def native_catboost() -> Logged:
    fitted = make_catboost().fit(FEATURES, THREE)
    return mlflow.catboost, {"cb_model": fitted}, fitted.predict_proba(FEATURES)


def lightgbm_classifier() -> Logged:
    lightgbm = pytest.importorskip("lightgbm")
    fitted = lightgbm.LGBMClassifier(**FEW, verbose=-1).fit(FEATURES, THREE)
    return mlflow.lightgbm, {"lgb_model": fitted}, fitted.predict_proba(FEATURES)


def lightgbm_booster(classes: int) -> Logged:
    lightgbm = pytest.importorskip("lightgbm")
    kind: dict[str, Any] = {"objective": "binary"}
    if classes > 2:
        kind = {"objective": "multiclass", "num_class": classes}
    data = lightgbm.Dataset(FEATURES, TWO if classes == 2 else THREE)
    fitted = lightgbm.train({**kind, "verbose": -1, "num_threads": 1}, data, 3)
    return mlflow.lightgbm, {"lgb_model": fitted}, both(fitted.predict(FEATURES))


def xgboost_classifier() -> Logged:
    xgboost = pytest.importorskip("xgboost")
    fitted = xgboost.XGBClassifier(**FEW).fit(FEATURES, THREE)
    return mlflow.xgboost, {"xgb_model": fitted}, fitted.predict_proba(FEATURES)


def xgboost_booster(classes: int) -> Logged:
    xgboost = pytest.importorskip("xgboost")
    kind: dict[str, Any] = {"objective": "binary:logistic"}
    if classes > 2:
        kind = {"objective": "multi:softprob", "num_class": classes}
    data = xgboost.DMatrix(FEATURES, TWO if classes == 2 else THREE)
    fitted = xgboost.train({**kind, "nthread": 1}, data, 3)
    return mlflow.xgboost, {"xgb_model": fitted}, both(fitted.predict(data))


def both(chances: Any) -> np.ndarray:  # noqa: ANN401
    """Probabilities of all classes, where a booster gives that of the second only."""
    array = np.asarray(chances)
    return array if array.ndim == 2 else np.column_stack([1 - array, array])


KINDS: dict[str, Callable[[], Logged]] = {
    "sklearn-skops": lambda: pipeline(LogisticRegression(), "skops"),
    "sklearn-cloudpickle": lambda: pipeline(LogisticRegression()),
    "lightgbm-pipeline": lightgbm_pipeline,
    "lightgbm-pipeline-skops": lightgbm_in_skops,
    "xgboost-pipeline": xgboost_pipeline,
    "catboost-pipeline": catboost_pipeline,
    "lightgbm-classifier": lightgbm_classifier,
    "lightgbm-booster": lambda: lightgbm_booster(2),
    "lightgbm-booster-of-three": lambda: lightgbm_booster(3),
    "xgboost-classifier": xgboost_classifier,
    "xgboost-booster": lambda: xgboost_booster(2),
    "xgboost-booster-of-three": lambda: xgboost_booster(3),
    "catboost-classifier": native_catboost,
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty registry, and rows to score."""
    folder = tmp_path_factory.mktemp("flavours")
    client = Registry(f"sqlite:///{folder / 'mlflow.db'}")._connection.client()
    client.create_experiment(MODEL, artifact_location=(folder / "files").as_uri())
    ROWS.to_parquet(folder / "rows.parquet")
    return folder


@pytest.fixture(scope="module")
def worker(place: Path) -> Iterator[Scorer]:
    """One worker for all flavours: starting one takes seconds."""
    artifacts = Artifacts(
        registry=Registry(f"sqlite:///{place / 'mlflow.db'}"),
        journal=Journal(Database(f"sqlite:///{place / 'store.db'}")),
        cache=place / "cache",
        now=lambda _: datetime(2020, 3, 1, tzinfo=UTC),
    )
    with Scorer(make_job(LoadingPolicy()), artifacts) as running:
        yield running


def make_job(loading: LoadingPolicy) -> Job:
    return Job(
        model=MODEL,
        id_column="key",
        features=("a", "b"),
        time_limit_seconds=120,
        loading=loading,
    )


def register(place: Path, flavor: Any, kept: dict[str, Any], answer: Any) -> str:  # noqa: ANN401
    """Register a model; its requirements are named, else MLflow loads it to see."""
    client = Registry(f"sqlite:///{place / 'mlflow.db'}")._connection.client()
    experiment = client.get_experiment_by_name(MODEL)
    assert experiment is not None
    with mlflow.start_run(experiment_id=experiment.experiment_id):
        logged = flavor.log_model(
            **kept,
            name=MODEL,
            registered_model_name=MODEL,
            signature=infer_signature(FEATURES, answer),
            pip_requirements=["mlflow"],
        )
    return str(logged.registered_model_version)


def score(worker: Scorer, place: Path, version: str) -> pd.DataFrame:
    answer = worker.score(place / "rows.parquet", [version])[version]
    assert isinstance(answer, Path), answer
    return pd.read_parquet(answer)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flavour_the_contract_allows_gives_its_probabilities(
    worker: Scorer, place: Path, kind: str
) -> None:
    """Scores and classes are those of the model as it was fitted, row by row."""
    flavor, kept, chances = KINDS[kind]()
    worker._job = make_job(LoadingPolicy())
    scored = score(worker, place, register(place, flavor, kept, chances[:, 0]))
    classes = range(chances.shape[1])
    columns = ["score"] if len(classes) == 2 else [f"score_{at}" for at in classes]
    assert list(scored) == ["id", *columns, "prediction"]
    expected = chances[:, 1:] if len(classes) == 2 else chances
    np.testing.assert_allclose(scored[columns], expected, rtol=1e-5)
    assert list(scored["prediction"]) == list(chances.argmax(axis=1))


@pytest.mark.parametrize("library", ["lightgbm", "xgboost"])
def test_a_native_regression_gives_predictions_and_no_score(
    worker: Scorer, place: Path, library: str
) -> None:
    """What a booster of amounts answers is never taken for a probability."""
    amounts = NOISE[:, 0] * 100
    module = pytest.importorskip(library)
    worker._job = make_job(LoadingPolicy())
    if library == "lightgbm":
        data = module.Dataset(FEATURES, amounts)
        kept = {"lgb_model": module.train({"verbose": -1, "num_threads": 1}, data, 3)}
        expected = kept["lgb_model"].predict(FEATURES)
    else:
        data = module.DMatrix(FEATURES, amounts)
        kept = {"xgb_model": module.train({"nthread": 1}, data, 3)}
        expected = kept["xgb_model"].predict(data)
    version = register(place, getattr(mlflow, library), kept, expected)
    scored = score(worker, place, version)
    assert list(scored) == ["id", "prediction"]
    np.testing.assert_allclose(scored["prediction"], expected, rtol=1e-5)


def test_own_code_is_scored_where_the_contract_allows_it(
    worker: Scorer, place: Path, tmp_path: Path
) -> None:
    """A pyfunc gives predictions, and is refused by a contract that does not say so."""
    source = tmp_path / "triple.py"
    source.write_text(
        "import mlflow\n"
        "import pandas as pd\n"
        "class Triple(mlflow.pyfunc.PythonModel):\n"
        "    def predict(self, context, model_input: pd.DataFrame, params=None):\n"
        "        return model_input['a'] * 3\n"
        "mlflow.models.set_model(Triple())\n"
    )
    kept = {"python_model": str(source)}
    version = register(place, mlflow.pyfunc, kept, FEATURES["a"])
    worker._job = make_job(LoadingPolicy())
    refused = worker.score(place / "rows.parquet", [version])[version]
    assert f"version {version} is not loaded: " in str(refused)
    worker._job = make_job(LoadingPolicy(flavors=(OWN_CODE,)))
    scored = score(worker, place, version)
    np.testing.assert_allclose(scored["prediction"], FEATURES["a"] * 3)
