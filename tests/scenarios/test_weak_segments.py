"""Weak segments all the way: evidence of a breach, `show`, `segments`, report."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from monitoring_tasks.daily import learn_and_report
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world
from tests.scenarios.worlds import CONFIRMED, QUIET

pytestmark = QUIET
HEALTHY = world.HISTORY[1]


def asked(home: Path, *words: str) -> Any:  # noqa: ANN401 (JSON)
    """Type a command with --json; give what it prints."""
    line = [*words, "--home", str(home), "--json"]
    result = CliRunner().invoke(app, line)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def evidence(workspace: Workspace, day: Any) -> dict[str, Any]:  # noqa: ANN401 (date)
    """Return what the newest look at a day kept as evidence."""
    return dict(workspace.results.current(world.MODEL, day, day)[-1].evidence)


def test_only_a_day_in_breach_keeps_segments_as_evidence(breached: Path) -> None:
    """A quiet day is not searched: it costs time and finds what was always hard."""
    with open_workspace(breached) as workspace:
        kept = evidence(workspace, CONFIRMED)["weak_segments"]
        assert "weak_segments" not in evidence(workspace, HEALTHY)
    assert (kept["version"], kept["metric"]) == ("3", "log_loss")
    assert kept["days"][-1] == CONFIRMED.isoformat()
    assert kept["segments"] or kept["reason"]


def test_command_finds_what_the_evidence_holds(breached: Path) -> None:
    """Searched anew from the frozen rows, the answer is the same to the last digit."""
    with open_workspace(breached) as workspace:
        kept = evidence(workspace, CONFIRMED)["weak_segments"]
    day = CONFIRMED.isoformat()
    found = asked(breached, "segments", world.MODEL, "--day", day)
    assert {key: found[key] for key in kept} == kept
    shown = asked(breached, "show", world.MODEL, "--day", day)
    assert shown["evidence"]["weak_segments"] == kept


def test_healthy_day_may_be_searched_when_somebody_asks(breached: Path) -> None:
    """The policy holds for the daily run; a person may always ask."""
    found = asked(breached, "segments", world.MODEL, "--day", HEALTHY.isoformat())
    assert found["rows"] > 0
    plain = ["segments", world.MODEL, "--day", HEALTHY.isoformat()]
    said = CliRunner().invoke(app, [*plain, "--home", str(breached)])
    assert "segments were not found on" in " ".join(said.stdout.split())


def test_nothing_is_searched_before_the_labels(home: Path) -> None:
    """A day whose labels are still to come says so; it does not guess."""
    day = HEALTHY + timedelta(days=1)
    world.write_day(home, day, labels=lambda known: known.head(0))
    with open_workspace(home) as workspace:
        from monitoring_tasks.daily import run_day  # noqa: PLC0415 (heavy)

        run_day(workspace, world.unit_of(workspace, day))
    found = asked(home, "segments", world.MODEL, "--day", day.isoformat())
    assert found["segments"] == []
    assert found["reason"].startswith("not available before labels: 0%")


def test_page_of_the_day_tells_where_the_model_does_worst(breached: Path) -> None:
    """A breach has its table, or the reason why there is none."""
    with open_workspace(breached) as workspace:
        row = workspace.results.current(world.MODEL, CONFIRMED, CONFIRMED)[-1]
        page = learn_and_report(Day(workspace, row.unit)).read_text()
        weak = row.evidence["weak_segments"]
    assert "Where the model does worst" in page
    assert (weak["reason"] or "Segments whose rows cost surely more") in page
