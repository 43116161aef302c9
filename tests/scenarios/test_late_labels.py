"""Labels that come days after the day: judged, told and acted on when they do."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.operations.settling import settle
from monitoring_tasks.operations.watching import watch
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
FIRST = world.HISTORY[0]
DAYS = [FIRST + timedelta(days=number) for number in range(4)]
BAD = DAYS[2:]
"""Version 3 serves, ranks worse than chance, and its own estimate sees nothing."""


def deliver(home: Path, delay: int) -> None:
    """Deliver four days whose labels come so many days later than the next morning."""

    def late(labels: pd.DataFrame) -> pd.DataFrame:
        arrived = labels["arrived_at"] + pd.Timedelta(days=delay)
        return labels.assign(arrived_at=arrived)

    for day in DAYS:
        version = "3" if day in BAD else "2"
        world.write_day(home, day, version=version, labels=late)


def noon_after(day: date, delay: int = 0) -> str:
    """Return the noon of so many days after the morning after a day."""
    morning = day + timedelta(days=1 + delay)
    return datetime.combine(morning, time(12), UTC).isoformat()


def judge_live(home: Path) -> list[Evaluation]:
    """Judge each day the morning after; version 3 is released after the second."""
    before = worlds.run(home, *DAYS[:2])
    with open_workspace(home) as workspace:
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "3")
    return [*before, *worlds.run(home, *BAD)]


def asked(*words: str) -> Any:  # noqa: ANN401 (JSON)
    """Type a command with --json; give what it prints."""
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    "delay",
    [pytest.param(days, marks=pytest.mark.slow) for days in (3, 40)],
)
def test_breach_is_acted_on_when_its_labels_come(home: Path, delay: int) -> None:
    """Until then nobody is paged; then the alias moves, however old the day is."""
    world.amend(home, "policy", labels={"delay_days": delay})
    deliver(home, delay)
    assert {row.labelled for row in judge_live(home)} == {0}
    assert watch(world.MODEL, as_of=noon_after(BAD[-1]), mode="live")["blind"] == []
    assert asked("incident", "list") == []
    for day in DAYS[:-1]:
        keys = settle(world.MODEL, as_of=noon_after(day, delay), mode="live")
        assert f"{world.MODEL}/{day}/" in keys[0]
    assert worlds.alias(home) == "3"  # one bad day is not confirmed yet
    settle(world.MODEL, as_of=noon_after(BAD[-1], delay), mode="live")
    (incident,) = asked("incident", "list")
    assert (incident["cause"], incident["last_day"]) == ("model", BAD[-1].isoformat())
    assert worlds.alias(home) == "2"
    (line,) = asked("status")
    last = line["last_labelled"]
    assert (last["day"], last["verdict"]) == (BAD[-1].isoformat(), "breach")
    assert line["active_incidents"] == 1


@pytest.mark.slow
def test_history_is_judged_with_its_labels_and_nothing_acts(home: Path) -> None:
    """As known then, then as known now: a revision beside, never an incident."""
    world.amend(home, "policy", labels={"delay_days": 10})
    deliver(home, 10)
    (home / "daywatch.yaml").write_text("clock: system\n")
    with open_workspace(home) as workspace:
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "3")
    span = ("--from", FIRST.isoformat(), "--to", DAYS[-1].isoformat())
    then = asked("backfill", "loan", *span)
    assert then["as_known"] == "then"
    assert "breach" not in then["verdicts"]
    (line,) = asked("status")
    assert line["last_labelled"] is None
    shown = CliRunner().invoke(app, ["status"]).stdout
    assert "loan: no day has enough labels yet" in shown
    settled = asked("settle", "loan", *span, "--live")
    assert [day["day"] for day in settled["days"]] == [d.isoformat() for d in DAYS]
    assert settled["days"][-1]["verdict"] == "breach"
    assert settled["days"][-1]["action"]["kind"].startswith("would_")
    now = asked("backfill", "loan", *span, "--with-labels")
    assert now["as_known"] == "now"
    assert now["verdicts"] == settled["verdicts"]
    assert asked("incident", "list") == []
    assert worlds.alias(home) == "3"
    (line,) = asked("status")
    assert line["standing"] == "breach"
    day = asked("show", "loan", "--day", DAYS[-1].isoformat())
    assert (day["revision"]["as_known"], day["revision"]["labels"]) == ("later", 1.0)
    assert day["last_labelled"]["confirmed"] is True
