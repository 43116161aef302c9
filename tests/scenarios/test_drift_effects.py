"""Drift is told in the order of what it costs, from the store to page and terminal."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from monitoring_tasks import daily
from monitoring_tasks.cli.app import app
from monitoring_tasks.daily import learn_and_report
from monitoring_tasks.estimate.step import drift_effects
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.RELEASE


def move(rows: pd.DataFrame) -> pd.DataFrame:
    """Let amounts be nearly alike, which ranks badly, and all come over the web."""
    kept = rows[(rows["amount"] - 10).abs() < 1]
    return kept.assign(channel="web")


def few(labels: pd.DataFrame) -> pd.DataFrame:
    """Let hardly any label be known the morning after."""
    return labels[:20]


@pytest.fixture
def home_of_drift(home: Path) -> Path:
    """A day whose inputs moved and whose labels are to come, judged."""
    policy = {
        "recovery_days": 2,
        "drift": {"multivariate": False, "min_distance": 0.1},
        "reference_gate": {"when": "never"},
    }
    world.write_contract(home, world.CONTRACT | {"policy": policy})
    world.write_day(home, DAY, rows=2000, change=move, labels=few)
    worlds.run(home, DAY)
    return home


def test_the_column_that_costs_something_is_told_first(home_of_drift: Path) -> None:
    """`channel` is further away and moves no score; reasons, page and list agree."""
    with open_workspace(home_of_drift) as workspace:
        unit = world.unit_of(workspace, DAY)
        row = workspace.results.evaluation(unit)
        page = learn_and_report(Day(workspace, unit)).read_text()
    effects = {one["column"]: one for one in row.evidence["drift_effects"]}
    assert effects["amount"]["loss"] > 0.05
    assert effects["amount"]["lower"] > 0
    assert effects["channel"]["lower"] < 0 < effects["channel"]["upper"]
    told = [text for text in row.reasons if "its shift alone" in text]
    about = [text.split(":")[0].rsplit(" ", 1)[-1] for text in told]
    assert about == ["score", "amount", "channel"]
    assert "should worsen roc_auc by" in told[1]
    assert "should not worsen roc_auc" in told[2]
    table = page[page.index("What each drifted column would cost") :]
    assert 0 < table.index("▲ it costs") < table.index("✓ no effect predicted")
    words = ["show", world.MODEL, "--days", "1", "--json", "--home"]
    result = CliRunner().invoke(app, [*words, str(home_of_drift)])
    (line,) = json.loads(result.stdout)
    assert line["drifted"].index("amount") < line["drifted"].index("channel")


def test_a_quiet_day_reads_no_reference_rows(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing drifted, nothing is asked; it costs nothing."""
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, world.HISTORY[0])
        daily.run_day(workspace, unit)

        def refuse(*_: object) -> None:
            pytest.fail("the reference's rows were read")

        monkeypatch.setattr(type(workspace.references), "rows", refuse)
        findings = workspace.results.findings(unit)
        assert drift_effects(Day(workspace, unit), findings) == ()
        evidence = workspace.results.evaluation(unit).evidence
    assert "drift_effects" not in evidence


def test_a_version_without_reference_rows_says_that_nobody_knows(
    home_of_drift: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day is judged all the same."""
    with open_workspace(home_of_drift) as workspace:
        unit = world.unit_of(workspace, DAY)
        monkeypatch.setattr(type(workspace.references), "rows", lambda *_: None)
        found = drift_effects(Day(workspace, unit), workspace.results.findings(unit))
    assert {effect.loss for effect in found} == {None}
    assert "was registered without reference rows" in found[0].reason


def test_labels_are_told_on_page_and_terminal(home_of_drift: Path) -> None:
    """Known now, expected, and the provisional value beside the one so far."""
    with open_workspace(home_of_drift) as workspace:
        page = learn_and_report(
            Day(workspace, world.unit_of(workspace, DAY))
        ).read_text()
    assert '<h2 id="labels">' in page
    assert "not mature yet: that takes 80.0 %" in page
    where = ["--home", str(home_of_drift), "--json"]
    shown = CliRunner().invoke(app, ["show", "loan", "--day", str(DAY), *where])
    labels = json.loads(shown.stdout)["labels"]
    assert (labels["labelled"], labels["is_mature"]) == (
        labels["lines"][0]["early_labelled"],
        False,
    )
    assert labels["lines"][0]["metric"] == "roc_auc"
    told = CliRunner().invoke(app, ["labels", "loan", *where])
    assert json.loads(told.stdout)["labels"] == labels
