"""From a stranger's rows and registry to verdicts: two commands, no line edited.

NannyML's packaged data: employment in Massachusetts and income in California, of two
censuses, are real; cards and car loans are synthetic. Made: days, instants and when
labels come. The model of each is trained here, on the rows before its first day.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nannyml
import pandas as pd
import pytest
import sqlalchemy as sa
import yaml
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from monitoring_tasks.store.versions import Training
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import worlds

pytestmark = [
    *worlds.QUIET,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:path is deprecated:DeprecationWarning"),
]
FIRST = datetime(2024, 3, 4, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A model nobody has described to Daywatch.

    Attributes:
        load: Gives the rows in their order, and the name of the truth.
        features: What the model takes.
        store: Where its rows lie: `parquet`, `csv`, `sqlite` or `postgres`.
        rows: Of a day.
        days: Delivered.
        wait: Days until labels come, at six in the morning.
        is_regression: Whether it foretells a number.
    """

    load: Callable[[], tuple[pd.DataFrame, str]]
    features: tuple[str, ...]
    store: str
    rows: int
    days: int
    wait: int
    is_regression: bool = False


def census() -> tuple[pd.DataFrame, str]:
    """Who is employed: 278,000 answers of Massachusetts, 2015 to 2018."""
    before, after, truth = nannyml.load_us_census_ma_employment_data()
    later = after.merge(truth, on="id") if "employed" not in after else after
    rows = pd.concat([before, later], ignore_index=True)
    # From year to year the people change; days here are to be alike.
    return rows.sample(frac=1, random_state=1, ignore_index=True), "employed"


def incomes() -> tuple[pd.DataFrame, str]:
    """What the people of a block earn, by their houses: the California census."""
    folder = Path(str(nannyml.__file__)).parent / "datasets" / "data"
    rows = pd.read_csv(folder / "california_housing_reference.csv")
    return rows.sample(frac=1, random_state=1, ignore_index=True), "MedInc"


def cards() -> tuple[pd.DataFrame, str]:
    """Which of three credit cards an applicant takes."""
    return nannyml.load_synthetic_multiclass_classification_dataset()[0], "y_true"


def loans() -> tuple[pd.DataFrame, str]:
    """Who repays a car loan."""
    return nannyml.load_synthetic_car_loan_dataset()[0], "repaid"


STRANGERS = {
    "employment": Stranger(
        load=census, features=("AGEP", "SCHL", "MAR", "DIS", "MIL", "SEX"),
        store="parquet", rows=10_000, days=24, wait=1,
    ),
    "income": Stranger(
        load=incomes, features=("HouseAge", "AveRooms", "Population", "Latitude"),
        store="sqlite", rows=24, days=60, wait=1, is_regression=True,
    ),
    "card": Stranger(
        load=cards,
        features=("acq_channel", "app_behavioral_score", "credit_bureau_score"),
        store="postgres", rows=100, days=60, wait=10,
    ),
    "car_loan": Stranger(
        load=loans, features=("car_value", "salary_range", "debt_to_income_ratio"),
        store="csv", rows=100, days=60, wait=10,
    ),
}  # fmt: skip


def fitted(rows: pd.DataFrame, stranger: Stranger, truth: str) -> Pipeline:
    """Train a pipeline as a team would: texts to flags, numbers scaled, then lines."""
    texts = [n for n in stranger.features if not pd.api.types.is_numeric_dtype(rows[n])]
    flags = (OneHotEncoder(handle_unknown="ignore"), texts)
    lines = Ridge() if stranger.is_regression else LogisticRegression(max_iter=500)
    inputs = make_column_transformer(flags, remainder=StandardScaler())
    return make_pipeline(inputs, lines).fit(rows[[*stranger.features]], rows[truth])


def served(
    rows: pd.DataFrame, stranger: Stranger, model: Pipeline, truth: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the scoring job wrote, and the labels with the instant they came."""
    number = pd.RangeIndex(len(rows))
    day = number // stranger.rows
    second = (number % stranger.rows) * (86_000 // stranger.rows)
    at = [FIRST + timedelta(days=int(d), seconds=int(s))
          for d, s in zip(day, second, strict=True)]  # fmt: skip
    inputs = rows[[*stranger.features]].reset_index(drop=True)
    written = inputs.assign(
        request_id=[f"r{n:07d}" for n in number],
        served_at=pd.to_datetime(at),
        model_version="1",
        prediction=model.predict(inputs),
    )
    if not stranger.is_regression:
        shares = model.predict_proba(inputs)
        names = [f"p_{name}" for name in model.classes_]
        if len(names) == 2:
            written["score"] = shares[:, 1]
        else:
            written[names] = shares
    known = [FIRST + timedelta(days=int(d) + stranger.wait, hours=6) for d in day]
    truths = pd.DataFrame(
        {
            "request_id": written["request_id"],
            "outcome": rows[truth].to_numpy(),
            "arrived_at": pd.to_datetime(known),
        }
    )
    # The newest labels are still to come.
    last = FIRST + timedelta(days=stranger.days)
    return written, truths[truths["arrived_at"] <= last]


def stored(
    place: Path, store: str, url: str, tables: dict[str, pd.DataFrame]
) -> tuple[str, ...]:
    """Write the rows where the team keeps them; return the words of `init`."""
    words: list[str] = []
    if store in {"sqlite", "postgres"}:
        engine = sa.create_engine(url)
        for name, rows in tables.items():
            at = rows.select_dtypes("datetimetz").columns
            plain = rows.assign(**{n: rows[n].dt.tz_localize(None) for n in at})
            plain.to_sql(name, engine, index=False)
            words += [f"--{name}", name]
        engine.dispose()
        return (*words, "--connection", "warehouse")
    for name, rows in tables.items():
        if store == "csv":
            path = place / f"{name}.csv"
            rows.to_csv(path, index=False)
        else:
            path = place / name
            at = "served_at" if name == "predictions" else "arrived_at"
            for day, part in rows.groupby(rows[at].dt.date):
                (path / str(day)).mkdir(parents=True)
                part.to_parquet(path / str(day) / "part.parquet", index=False)
        words += [f"--{name}", str(path)]
    return tuple(words)


def run(*words: str) -> Any:  # noqa: ANN401 (JSON)
    """Type a command; return what it says as JSON."""
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(params=STRANGERS)
def name(request: pytest.FixtureRequest) -> str:
    """Registered name of a stranger's model."""
    return str(request.param)


@pytest.fixture
def words(
    name: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[str, ...]:
    """Rows in their store, the model in a registry; where the rows are, for `init`."""
    stranger, home = STRANGERS[name], tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("DAYWATCH_HOME", str(home))
    url = f"sqlite:///{tmp_path / 'team.db'}"
    if stranger.store == "postgres":
        url = request.getfixturevalue("postgres")
    monkeypatch.setenv("DAYWATCH_CONN_WAREHOUSE", url)
    rows, truth = stranger.load()
    rows = rows.dropna(subset=[*stranger.features, truth])
    wanted = stranger.rows * stranger.days
    trained_on, rows = rows.iloc[:-wanted], rows.iloc[-wanted:]
    model = fitted(trained_on.head(20_000), stranger, truth)
    with open_workspace(home) as workspace:
        until = FIRST.date() - timedelta(days=1)
        workspace.registry.register(
            name, model, example=rows[[*stranger.features]].head(10),
            training=Training(trained_from=until, trained_until=until),
        )  # fmt: skip
        workspace.registry.set_alias(name, "champion", "1")
    predictions, labels = served(rows, stranger, model, truth)
    tables = {"predictions": predictions, "labels": labels}
    return stored(tmp_path, stranger.store, url, tables)


def test_two_commands_lead_from_rows_to_verdicts(
    name: str,
    words: tuple[str, ...],
    record_property: Callable[[str, object], None],
) -> None:
    """Sound days are judged, most of them ok, and none is called bad."""
    begun = time.monotonic()
    made = run("init", name, *words, "--yes")
    tried = run("try", name, "--no-open")
    record_property("seconds", round(time.monotonic() - begun))
    record_property("verdicts", tried["verdicts"])
    written = yaml.safe_load(Path(made["contract"]).read_text())
    assert written["columns"]["label"] == "outcome"
    assert [line["about"] for line in made["live"] if line["status"] == "fault"] == []
    judged = sum(tried["verdicts"].values())
    assert tried["is_labelled"]
    assert judged - sum(tried["later"].values()) >= 7
    assert set(tried["verdicts"]) <= {"ok", "warn", "inconclusive", "immature"}, tried
    assert tried["verdicts"]["ok"] > judged / 3, tried
    assert Path(tried["page"]).is_file()
