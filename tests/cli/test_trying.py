"""From a stranger's table of predictions and a registry to a meaningful verdict.

NannyML's packaged car prices (a regression), served 24 rows a day; nobody edits a line.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nannyml
import pandas as pd
import pytest
import yaml
from sklearn.dummy import DummyRegressor
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
ask = CliRunner().invoke
MODEL, ROWS = "car_price", 24
DAYS, BAD = 46, 4
FIRST = datetime(2024, 3, 4, tzinfo=UTC)
FEATURES = ["car_age", "km_driven", "price_new", "accident_count", "door_count"]


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A CSV of all days, the last with labels far from what was predicted."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("DAYWATCH_HOME", str(home))
    rows = nannyml.load_synthetic_car_price_dataset()[0].head(DAYS * ROWS)
    number = pd.RangeIndex(len(rows))
    is_good = number < (DAYS - BAD) * ROWS
    labels = rows["y_true"].where(is_good, rows["y_true"] + 6000)
    path = tmp_path / "served.csv"
    rows[[*FEATURES]].assign(
        request_id=[f"car-{n:06d}" for n in number],
        served_at=[FIRST + timedelta(hours=n) for n in number],
        model_version="1",
        predicted_price=rows["y_pred"],
        price=labels,
    ).to_csv(path, index=False)  # fmt: skip
    example = rows[FEATURES].head(10)
    model = DummyRegressor().fit(example, rows["y_true"].head(10))
    with open_workspace(home) as workspace:
        trained = FIRST.date() - timedelta(days=1)
        training = Training(trained_from=trained, trained_until=trained)
        workspace.registry.register(MODEL, model, example=example, training=training)
        workspace.registry.set_alias(MODEL, "champion", "1")
    return path


def run(*words: str) -> dict[str, object]:
    """Type a command; return what it says as JSON."""
    done = ask(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    said: dict[str, object] = json.loads(done.stdout)
    return said


def test_two_commands_lead_to_a_meaningful_verdict(table: Path) -> None:
    """Days as they always were are ok; days of errors far beyond any are breaches."""
    stated = ("--column", "label=price", "--yes")
    made = run("init", MODEL, "--predictions", str(table), *stated)
    written = yaml.safe_load(Path(str(made["contract"])).read_text())
    assert written["problem"] == "regression"
    assert written["columns"]["prediction"] == "predicted_price"
    assert written["columns"]["label"] == "price"
    tried = run("try", MODEL, "--no-open")
    last = FIRST.date() + timedelta(days=DAYS - 1)
    assert tried["labelled_day"] == last.isoformat()
    assert tried["verdict"] == "breach", tried
    assert Path(str(tried["page"])).is_file()
    days = {line["day"]: line["verdict"] for line in run("show", MODEL, "--days", "20")}
    worse = {(last - timedelta(days=n)).isoformat() for n in range(BAD)}
    assert {days[day] for day in worse} == {"breach"}
    others = [verdict for day, verdict in days.items() if day not in worse]
    assert len(others) >= 10
    # A day of 24 rows alone cannot always tell; it is never called bad.
    assert set(others) <= {"ok", "inconclusive"}, others
    assert others.count("ok") > len(others) / 2, others


def test_held_out_rows_are_the_reference_that_days_are_held_against(
    table: Path,
) -> None:
    """With `--reference` every delivered day is judged; its rows need no version."""
    rows = pd.read_csv(table)
    is_held_out = rows["served_at"] < (FIRST + timedelta(days=30)).isoformat(" ")
    held_out = table.with_name("held_out.csv")
    rows[is_held_out].drop(columns="model_version").to_csv(held_out, index=False)
    rows[~is_held_out].to_csv(table, index=False)
    stated = ("--column", "label=price", "--yes")
    words = ("--predictions", str(table), "--reference", str(held_out))
    made = run("init", MODEL, *words, *stated)
    assert (
        "made the reference of version 1 from rows and labels of held_out.csv"
        in str(made["reference"])
    )
    tried = run("try", MODEL, "--no-open")
    assert tried["reference"] is None
    assert tried["verdict"] == "breach", tried
    assert sum(tried["verdicts"].values()) == DAYS - 30, tried


def test_without_labels_data_and_drift_are_judged_and_nothing_is_ok(
    table: Path,
) -> None:
    """The reference has no labels either, so that no day says the model does well."""
    pd.read_csv(table).drop(columns="price").to_csv(table, index=False)
    made = run("init", MODEL, "--predictions", str(table), "--yes")
    written = yaml.safe_load(Path(str(made["contract"])).read_text())
    assert written["policy"]["labels"] == {"delay_days": "never"}
    tried = run("try", MODEL, "--no-open", "--days", "14")
    assert tried["is_labelled"] is False
    assert any("no row has a label" in str(told) for told in tried["warnings"])
    assert set(tried["verdicts"]) <= {"immature", "warn"}, tried
    assert sum(tried["verdicts"].values()) == 14
    assert tried["data_verdict"] == "ok", tried
    # Labels nobody waits for cannot be faulty: no day is an incident about them.
    (newest,) = run("show", MODEL, "--days", "1")
    day = run("show", MODEL, "--day", newest["day"])
    assert (day["verdict"], day["severity"]) == ("immature", None), day["reasons"]
