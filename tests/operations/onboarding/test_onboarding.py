"""A contract drafted from rows and registry holds, and every guess says from what."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import sqlalchemy as sa
import yaml

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.errors import ConfigurationError, NoDataError
from monitoring_tasks.extract.samples import sample_of
from monitoring_tasks.operations.onboarding.answers import ATTEMPTS, Ask
from monitoring_tasks.operations.onboarding.draft import write_draft
from monitoring_tasks.operations.onboarding.drafting import DraftBasis, draft_contract
from monitoring_tasks.operations.onboarding.facts import Guess
from monitoring_tasks.operations.onboarding.registry_setting import keep_registry
from monitoring_tasks.operations.onboarding.starting import SUITE_DAYS, suite_days
from monitoring_tasks.store.signatures import RegisteredModel
from tests.builders import make_contract

DAYS, RATE, FIRST = 20, 24, datetime(2024, 3, 1, tzinfo=UTC)
REGISTERED = RegisteredModel(
    versions=("2", "1"),
    aliases={"champion": "2"},
    inputs={"temp": "double", "hour": "long", "kind": "string"},
    version="2",
)


@pytest.fixture
def rows() -> pd.DataFrame:
    """24 hourly forecasts a day."""
    draw = np.random.default_rng(3)
    at = [FIRST + timedelta(hours=n) for n in range(DAYS * RATE)]
    return pd.DataFrame(
        {
            "ride_id": [f"r{n:04d}" for n in range(len(at))],
            "hour_start": pd.to_datetime(at),
            "model_version": "2",
            "temp": draw.normal(10, 4, len(at)),
            "hour": [when.hour for when in at],
            "kind": draw.choice(["town", "hill"], len(at)),
            "forecast": draw.normal(100, 20, len(at)),
        }
    )


@pytest.fixture
def labels(rows: pd.DataFrame) -> pd.DataFrame:
    """What was true, known ten days later at three in the morning."""
    known = rows["hour_start"].dt.normalize() + pd.Timedelta(days=11, hours=-1)
    count = rows["forecast"] + np.random.default_rng(4).normal(0, 10, len(rows))
    return pd.DataFrame({"ride": rows["ride_id"], "count": count, "known_at": known})


Tables = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture
def tables(rows: pd.DataFrame, labels: pd.DataFrame) -> Tables:
    """Rows and labels."""
    return rows, labels


def take(_key: str, guess: Guess) -> Guess:
    return guess


Store = Callable[[Path, pd.DataFrame, pd.DataFrame], dict[str, Any]]


BY_DAY, ARRIVED = "scores/day={day}/part-0.parquet", "truth/day=*/part-0.parquet"


def as_days(home: Path, rows: pd.DataFrame, labels: pd.DataFrame) -> dict[str, Any]:
    for day, part in rows.groupby(rows["hour_start"].dt.date):
        for kind, frame in (("scores", part), ("truth", labels.loc[part.index])):
            folder = home / kind / f"day={day}"
            folder.mkdir(parents=True)
            frame.to_parquet(folder / "part-0.parquet", index=False)
    return {"predictions": str(home / "scores"), "labels": str(home / "truth")}


def as_arrivals(home: Path, rows: pd.DataFrame, labels: pd.DataFrame) -> dict[str, Any]:
    """Labels in the folder of the day on which they came, ten days later."""
    where = as_days(home, rows, labels)
    shutil.rmtree(home / "truth")
    for day, part in labels.groupby(labels["known_at"].dt.date):
        folder = home / "truth" / f"day={day}"
        folder.mkdir(parents=True)
        part.to_parquet(folder / "part-0.parquet", index=False)
    return where


def as_csv(home: Path, rows: pd.DataFrame, labels: pd.DataFrame) -> dict[str, Any]:
    home.mkdir(parents=True, exist_ok=True)
    rows.to_csv(home / "scores.csv", index=False)
    labels.to_csv(home / "truth.csv", index=False)
    return {
        "predictions": str(home / "scores.csv"),
        "labels": str(home / "truth.csv"),
    }


def as_tables(home: Path, rows: pd.DataFrame, labels: pd.DataFrame) -> dict[str, Any]:
    home.mkdir(parents=True)
    url = f"sqlite:///{home / 'data.db'}"
    engine = sa.create_engine(url)
    for name, frame in (("scores", rows), ("truth", labels)):
        instants = frame.select_dtypes("datetimetz").columns
        naive = {name: frame[name].dt.tz_localize(None) for name in instants}
        frame.assign(**naive).to_sql(name, engine, index=False)
    engine.dispose()
    return {"predictions": "scores", "labels": "truth", "connection": url}


@pytest.mark.parametrize(
    ("store", "paths"),
    [
        pytest.param(as_days, (BY_DAY, "truth/day={day}/part-0.parquet"), id="by day"),
        pytest.param(as_arrivals, (BY_DAY, ARRIVED), id="labels by arrival"),
        pytest.param(as_csv, ("scores.csv", "truth.csv"), id="CSV"),
        pytest.param(as_tables, (None, None), id="SQLite"),
    ],
)
def test_contract_is_drafted_from_rows_and_registry(
    tmp_path: Path,
    tables: Tables,
    store: Store,
    paths: tuple[str | None, str | None],
) -> None:
    """Wherever the rows lie, the same roles, volumes and delays are found."""
    home = tmp_path / "home"
    where = store(home, *tables)
    connection = where.get("connection")
    basis = DraftBasis(
        model="prod.rides.demand",
        predictions=sample_of(where["predictions"], connection, home),
        labels=sample_of(where["labels"], connection, home),
        registered=REGISTERED,
        stated={},
    )
    text = write_draft(draft_contract(basis, take))
    contract = Contract.model_validate(yaml.safe_load(text))
    columns = contract.columns
    assert (columns.id, columns.timestamp) == ("ride_id", "hour_start")
    assert (columns.prediction, columns.label) == ("forecast", "count")
    assert columns.continuous == ("temp",)
    assert (columns.calendar, columns.categorical) == (("hour",), ("kind",))
    assert contract.sources.labels.rename == {"ride": "ride_id"}
    assert contract.sources.labels.arrived_at == "known_at"
    sources = contract.sources.predictions, contract.sources.labels
    assert tuple(getattr(one, "path", None) for one in sources) == paths
    assert (contract.policy.min_rows, contract.policy.labels.delay_days) == (12, 10)
    assert [o.metric for o in contract.objectives] == ["mae", "mae", "bias"]
    guessed = [line for line in text.splitlines() if line.strip().startswith("# gue")]
    assert len(guessed) >= 12
    assert "2024" not in text
    assert ("all are read for every day" in text) == (paths[1] == ARRIVED)


def test_what_is_not_found_is_asked_and_named(
    tmp_path: Path, rows: pd.DataFrame, labels: pd.DataFrame
) -> None:
    """A column nobody can guess is asked; without an answer the error says how."""
    where = as_csv(tmp_path / "home", rows.rename(columns={"forecast": "x9"}), labels)
    basis = DraftBasis(
        model="rides",
        predictions=sample_of(where["predictions"], None, tmp_path),
        labels=sample_of(where["labels"], None, tmp_path),
        registered=REGISTERED,
        stated={},
    )
    asked: list[str] = []

    def ask(key: str, guess: Guess) -> Guess:
        asked.append(key)
        return guess

    with pytest.raises(ConfigurationError, match="--column prediction=NAME") as raised:
        draft_contract(basis, ask)
    assert asked == ["columns.prediction"]
    assert "x9" in str(raised.value)


def basis_of(home: Path, tables: Tables, **stated: str) -> DraftBasis:
    """Look at rows and labels kept as CSV."""
    where = as_csv(home, *tables)
    return DraftBasis(
        model="rides",
        predictions=sample_of(where["predictions"], None, home),
        labels=sample_of(where["labels"], None, home),
        registered=REGISTERED,
        stated=stated,
    )


def test_ids_that_a_person_states_need_not_fit(tmp_path: Path, tables: Tables) -> None:
    """Texts here, numbers there: called the same by the labels, or a person says."""
    rows, labels = tables
    numbers = labels.assign(ride=range(len(labels)))
    with pytest.raises(ConfigurationError, match="--column id=NAME"):
        draft_contract(basis_of(tmp_path / "unlike", (rows, numbers)), take)
    same = (rows, numbers.rename(columns={"ride": "ride_id"}))
    draft = draft_contract(basis_of(tmp_path / "same", same, id="ride_id"), take)
    assert (draft.id.value, draft.labels.get("rename")) == ("ride_id", None)
    with pytest.raises(ConfigurationError) as raised:
        draft_contract(
            basis_of(tmp_path / "other", (rows, numbers), id="ride_id"), take
        )
    assert str(raised.value) == (
        "columns.label_id: the labels have no column 'ride_id', and none that holds "
        "its values; say it with --column label_id=NAME; there are: ride, count, "
        "known_at"
    )
    stated = {"id": "ride_id", "label_id": "ride"}
    draft = draft_contract(basis_of(tmp_path / "said", (rows, numbers), **stated), take)
    assert draft.labels["rename"] == {"ride": "ride_id"}
    Contract.model_validate(yaml.safe_load(write_draft(draft)))


def test_id_that_is_stated_lies_in_the_same_rows(
    tmp_path: Path, rows: pd.DataFrame, labels: pd.DataFrame
) -> None:
    """Where every row is its own label, no other column has to hold its id."""
    where = as_csv(tmp_path, rows.assign(ride_id="r1", count=labels["count"]), labels)
    basis = DraftBasis(
        model="rides",
        predictions=sample_of(where["predictions"], None, tmp_path),
        labels=None,
        registered=REGISTERED,
        stated={"id": "ride_id", "label": "count"},
    )
    assert draft_contract(basis, take).id.value == "ride_id"


def scored_alone(home: Path, rows: pd.DataFrame, problem: str | None) -> DraftBasis:
    """Look at scores and decisions by no usual name, without labels."""
    score = np.random.default_rng(5).random(len(rows))
    outputs = rows.drop(columns="forecast").assign(risk=score, flagged=score > 0.5)
    where = as_csv(home, outputs, outputs)
    return DraftBasis(
        model="rides",
        predictions=sample_of(where["predictions"], None, home),
        labels=None,
        registered=REGISTERED,
        stated={"prediction": "flagged"},
        problem=problem,
    )


def test_stated_prediction_says_what_kind_of_model_it_is(
    tmp_path: Path, rows: pd.DataFrame
) -> None:
    """The rest is guessed from the column a person named, whatever its name."""
    draft = draft_contract(scored_alone(tmp_path, rows, None), take)
    outputs = draft.outputs
    assert (outputs.problem.value, outputs.score.value) == ("binary", "risk")
    Contract.model_validate(yaml.safe_load(write_draft(draft)))


@pytest.mark.parametrize(
    ("problem", "score"),
    [
        pytest.param("binary", "risk", id="yes"),
        pytest.param("regression", None, id="no"),
    ],
)
def test_stated_problem_counts_more_than_the_guess(
    tmp_path: Path, rows: pd.DataFrame, problem: str, score: str | None
) -> None:
    """It is never passed over in silence; no other word is taken."""
    outputs = draft_contract(scored_alone(tmp_path, rows, problem), take).outputs
    assert (outputs.problem.value, outputs.score.value) == (problem, score)
    with pytest.raises(ConfigurationError, match="'bnary' is none of binary"):
        draft_contract(scored_alone(tmp_path / "wrong", rows, "bnary"), take)


def restarting(rows: pd.DataFrame, labels: pd.DataFrame) -> Tables:
    """Return the same with ids that begin again each day."""
    numbers = rows.groupby(rows["hour_start"].dt.date).cumcount()
    return rows.assign(ride_id=numbers), labels.assign(ride=numbers)


def test_ids_that_begin_again_each_day_are_joined_within_it(
    tmp_path: Path, tables: Tables
) -> None:
    """Labels of other days would make a bad model of a good one."""
    rows, labels = restarting(*tables)
    where = as_days(tmp_path, rows, labels.drop(columns="known_at"))
    basis = DraftBasis(
        model="rides",
        predictions=sample_of(where["predictions"], None, tmp_path),
        labels=sample_of(where["labels"], None, tmp_path),
        registered=REGISTERED,
        stated={"id": "ride_id", "label_id": "ride"},
    )
    draft = draft_contract(basis, take)
    assert draft.labels["path"].endswith(BY_DAY.removeprefix("scores/"))
    (bias,) = [promise for promise in draft.promises if promise.metric == "bias"]
    apart = float((rows["forecast"] - labels["count"]).abs().mean())
    assert f"25% of {apart:.3g}" in bias.why


def test_ids_that_begin_again_need_labels_that_say_their_day(
    tmp_path: Path, tables: Tables
) -> None:
    """All labels in a file without a day cannot be told apart, and nobody guesses."""
    stated = {"id": "ride_id", "label_id": "ride"}
    rows, labels = restarting(*tables)
    with pytest.raises(ConfigurationError, match="of which day a label is"):
        draft_contract(basis_of(tmp_path / "no", (rows, labels), **stated), take)
    dated = labels.assign(ride_day=rows["hour_start"].dt.date)
    draft = draft_contract(basis_of(tmp_path / "yes", (rows, dated), **stated), take)
    assert draft.labels["day_column"] == "ride_day"


def test_days_without_labels_yet_say_how_late_labels_are(
    tmp_path: Path, tables: Tables
) -> None:
    """Where no column says when they came: the newest days have none."""
    rows, labels = tables
    late = labels.iloc[: -5 * RATE].drop(columns="known_at")
    draft = draft_contract(basis_of(tmp_path, (rows, late)), take)
    assert draft.labels_timing is not None
    assert draft.labels_timing.usual_days == 5
    text = write_draft(draft)
    assert "# guessed: the newest day with a label is 5 days behind the rows" in text


def test_stated_label_that_is_not_there_names_columns_alone(
    tmp_path: Path, tables: Tables
) -> None:
    """No value of anyone's data is printed."""
    with pytest.raises(ConfigurationError) as raised:
        draft_contract(basis_of(tmp_path, tables, label="truth"), take)
    assert str(raised.value) == (
        "--column label=truth: the labels have no column 'truth'; there are: ride, "
        "count, known_at"
    )


def answering(key: str, *answers: str) -> tuple[Ask, list[str]]:
    """Return who answers a key with these, the last for ever; and its log."""
    left, said = list(answers), []

    def ask(asked: str, guess: Guess) -> Guess:
        if asked != key:
            return guess
        said.append(guess.why)
        value = left.pop(0) if len(left) > 1 else left[0]
        return Guess(value=value, why="a person said so", is_sure=True)

    return ask, said


def test_answer_that_cannot_be_is_asked_again(tmp_path: Path, tables: Tables) -> None:
    """What was wrong with it stands at the prompt."""
    basis = basis_of(tmp_path, tables)
    ask, said = answering("timezone", "Europe/Berln", "Europe/Berlin")
    assert draft_contract(basis, ask).timezone.value == "Europe/Berlin"
    assert said[1] == (
        "'Europe/Berln' is not a time zone of the IANA database; did you mean "
        "'Europe/Berlin'?; write a name such as Europe/Berlin or UTC"
    )


def test_answer_that_never_can_be_is_one_error(tmp_path: Path, tables: Tables) -> None:
    """It names the key, the answer and what there is."""
    ask, asked = answering("timezone", "Mars/Olympus")
    with pytest.raises(ConfigurationError, match="'Mars/Olympus' is not a"):
        draft_contract(basis_of(tmp_path, tables), ask)
    assert len(asked) == ATTEMPTS
    ask, asked = answering("columns.prediction", "foresight")
    renamed = tables[0].rename(columns={"forecast": "x9"})
    with pytest.raises(ConfigurationError) as raised:
        draft_contract(basis_of(tmp_path, (renamed, tables[1])), ask)
    assert str(raised.value) == (
        "columns.prediction: the predictions have no column 'foresight'; there are: "
        "ride_id, hour_start, model_version, temp, hour, kind, x9"
    )
    assert len(asked) == ATTEMPTS


def test_source_without_anything_is_named(tmp_path: Path) -> None:
    """No file, no folder, no table."""
    with pytest.raises(NoDataError, match="there is no such file"):
        sample_of(str(tmp_path / "scores"), None, tmp_path)
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    with pytest.raises(NoDataError, match="no table scores"):
        sample_of("scores", url, tmp_path)


def test_registry_is_kept_once(tmp_path: Path) -> None:
    """The address goes into the settings; another one there is not written over."""
    (tmp_path / "daywatch.yaml").write_text("clock: simulated\n")
    keep_registry(tmp_path, "http://mlflow:5000")
    keep_registry(tmp_path, "http://mlflow:5000")
    settings = yaml.safe_load((tmp_path / "daywatch.yaml").read_text())
    assert settings == {"clock": "simulated", "registry_url": "http://mlflow:5000"}
    with pytest.raises(ConfigurationError, match="change one"):
        keep_registry(tmp_path, "http://other:5000")


def test_suite_is_drafted_from_days_of_the_whole_history() -> None:
    """What the newest days alone hold, a changed unit say, is not what is expected."""
    at = pd.date_range("2024-01-01", periods=4 * SUITE_DAYS, freq="D", tz="UTC")
    columns = make_contract().columns.of_predictions
    rows = pa.table(
        {name: pa.array(range(len(at))) for name in columns if name != "at"}
    )
    days = suite_days(
        rows.append_column("at", pa.array(at.to_pydatetime())), make_contract()
    )
    assert len(days) == SUITE_DAYS
    assert min(days) == at[0].date()
    assert max(days) > at[-5].date()


def test_row_without_an_instant_is_in_no_day_of_the_suite() -> None:
    """One such row does not leave a model without a suite."""
    columns = make_contract().columns.of_predictions
    rows = pa.table({name: [1, 2, 3] for name in columns if name != "at"})
    at = pa.array([FIRST, None, FIRST + timedelta(days=1)])
    days = suite_days(rows.append_column("at", at), make_contract())
    assert {str(day): part.num_rows for day, part in days.items()} == {
        "2024-03-01": 1,
        "2024-03-02": 1,
    }
