"""`labels`: when labels come, and what early ones are worth."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL, make_decision, make_measurement
from tests.operations.days import write_workspace
from tests.store.label_days import FIRST, LabelDay, unit_at


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Twenty days with 60 labels at first and an AUC of .8; all came, and it is .7."""
    home = write_workspace(
        tmp_path / "home",
        objectives=[{"metric": "roc_auc", "source": "realized", "min": 0.5}],
    )
    with open_workspace(home) as workspace:
        for offset in range(20):
            day = FIRST + timedelta(days=offset)
            LabelDay(labelled=60, realized=0.8 + 0.001 * (offset % 3)).write(
                workspace.database, day
            )
            LabelDay(labelled=100, age=2).write(workspace.database, day)
    return home


def test_labels_tell_when_they_come_and_what_early_ones_say(home: Path) -> None:
    """60 % at first, all of them two days later; early numbers are .1 too high."""
    result = CliRunner().invoke(app, ["labels", MODEL, "--home", str(home), "--json"])
    assert result.exit_code == 0, result.output
    view = json.loads(result.stdout)
    shares = [(one["age"], one["share"]) for one in view["arrival"]]
    assert shares[:3] == [(0, pytest.approx(0.6)), (1, pytest.approx(0.6)), (2, 1.0)]
    (error,) = view["provisional_errors"]
    assert (error["metric"], error["days"]) == ("roc_auc", 20)
    assert error["mean"] == pytest.approx(0.101, abs=0.002)


def test_labels_say_so_in_words(home: Path) -> None:
    """A person reads a table and one sentence a number."""
    result = CliRunner().invoke(app, ["labels", MODEL, "--home", str(home)])
    said = " ".join(result.stdout.split())
    assert "60.0%" in said
    assert "there are no rows that a label could belong to" in said
    assert "version 2, roc_auc: early labels were off by +0.1" in said


def test_labels_of_a_model_nobody_looked_at_are_not_known(tmp_path: Path) -> None:
    """No look, no curve: the remedy is named."""
    home = write_workspace(tmp_path / "home")
    result = CliRunner().invoke(app, ["labels", MODEL, "--home", str(home)])
    assert result.exit_code == 1
    assert "no day of" in result.output


def test_labels_of_a_day_are_told_with_early_and_final_value(home: Path) -> None:
    """The first look's provisional value stands beside the one on all labels."""
    day = FIRST + timedelta(days=19)
    header = {"version": "2", "rows": 100}
    with open_workspace(home) as workspace:
        early, late = unit_at(day), unit_at(day, age=2)
        provisional = make_measurement(
            kind=Kind.LABELS,
            metric="provisional_roc_auc",
            version="2",
            value=0.72,
            lower=0.66,
            upper=0.78,
        )
        final = make_measurement(version="2", value=0.7, lower=0.68, upper=0.72)
        for unit, number, labelled in ((early, provisional, 60), (late, final, 100)):
            workspace.results.save_measurements(
                unit, [number], header=header | {"labelled": labelled}
            )
            workspace.results.save_decision(unit, make_decision(verdict=Verdict.OK))
    words = ["labels", MODEL, "--day", day.isoformat(), "--home", str(home)]
    told = " ".join(CliRunner().invoke(app, words).stdout.split())
    assert f"{day}: 100 of 100 labels known (100.0%)" in told
    assert (
        "roc_auc: 0.720 [0.660, 0.780] on early labels (weighted), "
        "final 0.700 [0.680, 0.720]"
    ) in told
    view = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    (line,) = view["labels"]["lines"]
    assert (line["early_labelled"], line["is_final"]) == (60, True)
