"""Months filled in afterwards, with breaches in it: nobody is paged, nothing moves."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.workspace.workspace import open_workspace
from tests.faults.conftest import Saw
from tests.faults.stories import Story
from tests.scenarios import world, worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
DAYS = 80
FIRST = date(2024, 3, 18)
BAD_DAYS = range(60, 70)
"""Days that the bad version served."""
WOULD = "would_rollback", "would_open_incident"


@pytest.mark.timeout(600)
def test_backfill_of_months_pages_nobody_and_moves_nothing(
    home: Path, saw: Saw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Confirmed breaches of the live version, all of them old: recorded, no more."""
    monkeypatch.setenv("DAYWATCH_WEBHOOK_URL", "https://127.0.0.1:9/never-called")
    contract = home / "expectations" / world.MODEL / "monitor.yaml"
    text = contract.read_text().replace("source: estimated", "source: realized")
    contract.write_text(text)
    for number in range(DAYS):
        version = "3" if number in BAD_DAYS else "2"
        day = FIRST + timedelta(days=number)
        world.write_day(home, day, version=version)
    last = FIRST + timedelta(days=DAYS - 1)
    with open_workspace(home) as workspace:
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "3")
        backfill(world.MODEL, FIRST.isoformat(), last.isoformat(), workspace=workspace)
        rows = workspace.results.current(world.MODEL, FIRST, last)
        assert workspace.incidents.find() == []
        assert list(workspace.settings.channels) == ["webhook"]
        assert workspace.outbox.find() == []
        assert workspace.rollbacks.find() == []
        assert workspace.journal.lines_in("applied", "outside") == []
    breached = sum(row.verdict == "breach" for row in rows)
    assert (len(rows), breached >= len(BAD_DAYS)) == (DAYS, True)
    assert any(row.rollback_to == "2" for row in rows)
    assert {row.action.kind for row in rows} <= {"none", *WOULD}
    assert worlds.alias(home) == "3"
    saw(
        fault=f"a backfill of {DAYS} days with {len(BAD_DAYS)} bad ones",
        happened="days in breach are recorded: 0 incidents, 0 pages, 0 moves",
        end=Story(home).told(),
    )
