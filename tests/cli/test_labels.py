"""`labels`: when labels come, and what early ones are worth."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from monitoring_tasks.wiring.workspace import open_workspace
from tests.builders import MODEL
from tests.store.label_days import FIRST, LabelDay
from tests.wiring.days import write_workspace


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Twenty days with 60 labels at first and an AUC of .8; all came, and it is .7."""
    home = write_workspace(
        tmp_path / "home",
        objectives=[{"metric": "roc_auc", "source": "realized", "min": 0.5}],
    )
    with open_workspace(home) as space:
        for offset in range(20):
            day = FIRST + timedelta(days=offset)
            LabelDay(labelled=60, realized=0.8 + 0.001 * (offset % 3)).write(
                space.database, day
            )
            LabelDay(labelled=100, age=2).write(space.database, day)
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
    assert "60.0%" in result.stdout
    assert "version 2, roc_auc: on early labels off by +0.1" in result.stdout


def test_labels_of_a_model_nobody_looked_at_are_not_known(tmp_path: Path) -> None:
    """No look, no curve: the remedy is named."""
    home = write_workspace(tmp_path / "home")
    result = CliRunner().invoke(app, ["labels", MODEL, "--home", str(home)])
    assert result.exit_code == 1
    assert "no day of" in result.output
