"""`show` names the horizon that decided a day, a good one as well."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL, make_decision
from tests.operations.days import FIRST, Look, write_workspace


def judged(verdict: Verdict, horizon: int) -> Finding:
    """Return a judged AUC of the labels over so many days."""
    number = Measurement(
        kind=Kind.REALIZED,
        metric="roc_auc",
        version="2",
        value=0.7,
        horizon=horizon,
    )
    return Finding(measurement=number, verdict=verdict, reason="so")


def write(home: Path, *findings: Finding, performance: Verdict) -> None:
    """Write a day that ended so."""
    with open_workspace(home) as workspace:
        unit = Look(decided=False).write(workspace, FIRST)
        workspace.results.save_findings(unit, findings, [])
        made = make_decision(
            verdict=performance,
            performance=performance,
            confirmed=False,
            severity=None,
            cause=None,
            rollback_to=None,
        )
        workspace.results.save_decision(unit, made)


def shown(home: Path, *words: str) -> str:
    """Show the model."""
    result = CliRunner().invoke(app, ["show", MODEL, *words, "--home", str(home)])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(
    ("day", "week", "horizon", "said"),
    [
        (Verdict.OK, Verdict.OK, 1, "realized roc auc over 1 day"),
        (Verdict.INCONCLUSIVE, Verdict.OK, 7, "realized roc auc over 7 days"),
    ],
)
def test_good_day_names_the_horizon_that_decided(
    tmp_path: Path, *, day: Verdict, week: Verdict, horizon: int, said: str
) -> None:
    """In words for a person, in `decided_by` for a program."""
    objective = {"metric": "roc_auc", "source": "realized", "min": 0.5}
    home = write_workspace(tmp_path / "home", objectives=[objective])
    write(home, judged(day, 1), judged(week, 7), performance=Verdict.OK)
    whole = ("--day", FIRST.isoformat())
    assert f"performance goes by {said}" in shown(home, *whole)
    view = json.loads(shown(home, *whole, "--json"))
    assert view["decided_by"]["horizon"] == horizon
    (line,) = json.loads(shown(home, "--json"))
    assert line["decided_by"] == view["decided_by"]
    assert ("7 days" in shown(home)) is (horizon == 7)


def test_day_that_nothing_decided_names_no_horizon(tmp_path: Path) -> None:
    """It waits for labels: no number speaks."""
    objective = {"metric": "roc_auc", "source": "realized", "min": 0.5}
    home = write_workspace(tmp_path / "home", objectives=[objective])
    write(home, judged(Verdict.IMMATURE, 1), performance=Verdict.IMMATURE)
    assert "performance goes by" not in shown(home, "--day", FIRST.isoformat())
    (line,) = json.loads(shown(home, "--json"))
    assert line["decided_by"] is None
