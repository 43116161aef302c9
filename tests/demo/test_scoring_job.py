from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.files import load_contract
from monitoring_tasks.demo.scoring_job import score_day, write_history, write_labels
from monitoring_tasks.demo.training import MODEL, Recipe, Trained, register, train
from monitoring_tasks.errors import NoDataError, VersionMissingError
from monitoring_tasks.store.registry import Registry

pytestmark = [
    # MLflow's own tables use a loader strategy that SQLAlchemy 2.1 deprecates.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    # MLflow warns about type hints of its own classes while it is imported.
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType"),
]

DAY = date(2013, 3, 8)
CONTRACT = Path(__file__).parents[2] / "expectations" / MODEL / "monitor.yaml"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return Registry(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'mlflow.db'}")


@pytest.fixture(scope="module", autouse=True)
def releases(registry: Registry, flights: pd.DataFrame) -> list[Trained]:
    """Two versions, each trained on four days only."""
    first = date(2013, 1, 1)
    recipes = [
        Recipe(first=first, last=first + timedelta(days=3)),
        Recipe(first=first + timedelta(days=30), last=first + timedelta(days=33)),
    ]
    made = [train(flights, one) for one in recipes]
    for trained, recipe in zip(made, recipes, strict=True):
        register(registry, trained, recipe)
    registry.set_alias(MODEL, "champion", "2")
    return made


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract(CONTRACT).contract


def test_predictions_hold_every_declared_column(
    flights: pd.DataFrame, registry: Registry, contract: Contract, tmp_path: Path
) -> None:
    """The files are what the demo's contract says they are, and no more."""
    path = score_day(DAY, flights=flights, registry=registry, out=tmp_path)
    assert path == tmp_path / "predictions/day=2013-03-08/part-0.parquet"
    assert set(pd.read_parquet(path)) == set(contract.columns.of_predictions)


def test_reference_holds_every_declared_column(
    releases: list[Trained], contract: Contract
) -> None:
    """It has the declared columns and the label; the version is known later."""
    columns = {*contract.columns.of_predictions, contract.columns.label}
    unstamped = columns - {contract.columns.model_version}
    assert unstamped == set(releases[0].reference) == set(releases[1].reference)


@pytest.mark.parametrize(
    ("version", "expected"), [(None, "2"), ("1", "1")], ids=["alias", "given"]
)
def test_score_day_says_which_version_scored(
    *,
    flights: pd.DataFrame,
    registry: Registry,
    tmp_path: Path,
    version: str | None,
    expected: str,
) -> None:
    """The alias decides unless a version is given."""
    path = score_day(
        DAY, flights=flights, registry=registry, out=tmp_path, version=version
    )
    assert set(pd.read_parquet(path)["model_version"]) == {expected}


def test_history_is_what_the_daily_job_would_have_written(
    flights: pd.DataFrame, registry: Registry, tmp_path: Path
) -> None:
    """Many days at once give the same files, each by the version that served it."""
    seen: list[date] = []
    served = {DAY: "1", DAY + timedelta(days=1): "2", DAY + timedelta(days=2): "1"}
    rows = write_history(
        served, flights=flights, registry=registry, out=tmp_path, progress=seen.append
    )
    assert sorted(seen) == list(served)
    total = 0
    for day, version in served.items():
        name = f"predictions/day={day}/part-0.parquet"
        at_once = pd.read_parquet(tmp_path / name)
        alone = score_day(
            day,
            flights=flights,
            registry=registry,
            out=tmp_path / "daily",
            version=version,
        )
        pd.testing.assert_frame_equal(at_once, pd.read_parquet(alone))
        total += len(at_once)
    assert rows == total


def test_writing_again_changes_nothing(
    flights: pd.DataFrame, registry: Registry, tmp_path: Path
) -> None:
    """The same day gives the same bytes, and no half-written file stays."""
    path = score_day(DAY, flights=flights, registry=registry, out=tmp_path)
    first = path.read_bytes()
    score_day(DAY, flights=flights, registry=registry, out=tmp_path)
    assert path.read_bytes() == first
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("day", "arrives"),
    [
        pytest.param(date(2013, 2, 9), "2013-02-10T08:00Z", id="winter"),
        pytest.param(date(2013, 3, 9), "2013-03-10T07:00Z", id="clock changes"),
        pytest.param(date(2013, 7, 4), "2013-07-05T07:00Z", id="summer"),
    ],
)
def test_labels_arrive_at_three_the_next_morning(
    flights: pd.DataFrame, tmp_path: Path, day: date, arrives: str
) -> None:
    """Three o'clock is New York's, also in the night the clock changes."""
    labels = pd.read_parquet(write_labels(day, flights=flights, out=tmp_path))
    assert set(labels["arrived_at"]) == {pd.Timestamp(arrives)}


def test_flights_that_never_arrived_get_no_label(
    flights: pd.DataFrame, tmp_path: Path
) -> None:
    """On 9 February 2013 more than half never arrived."""
    day = date(2013, 2, 9)
    labels = pd.read_parquet(write_labels(day, flights=flights, out=tmp_path))
    scheduled = flights[flights["day"] == pd.Timestamp(day)]
    arrived = scheduled[scheduled["arr_late"].notna()]
    assert len(arrived) / len(scheduled) == pytest.approx(0.425, abs=0.001)
    assert list(labels["flight_id"]) == list(arrived["flight_id"])
    assert list(labels["arr_late"]) == list(arrived["arr_late"])
    assert labels["arr_late"].dtype == "int64"


def test_a_day_without_flights_is_an_error(
    flights: pd.DataFrame, registry: Registry, tmp_path: Path
) -> None:
    """No file is written for a day that has no rows."""
    with pytest.raises(NoDataError, match="2014"):
        write_labels(date(2014, 1, 1), flights=flights, out=tmp_path)
    with pytest.raises(NoDataError, match="2014"):
        score_day(date(2014, 1, 1), flights=flights, registry=registry, out=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unset_alias_is_an_error(
    flights: pd.DataFrame,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a champion the job says what to do and writes nothing."""
    monkeypatch.setattr("monitoring_tasks.demo.scoring_job.ALIAS", "nobody")
    with pytest.raises(VersionMissingError, match="alias 'nobody'"):
        score_day(DAY, flights=flights, registry=registry, out=tmp_path)
