"""How an incident about outputs ends where labels never come: by these outputs."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds
from tests.scenarios.worlds import CONFIRMED, FIRST_BAD

pytestmark = [*worlds.QUIET, pytest.mark.slow]
LOST = CONFIRMED + timedelta(days=1)
"""A day of which most rows are missing: the others are too few to say anything."""
MENDED = [LOST + timedelta(days=n) for n in (1, 2)]
RELEASED = "1"
Change = Callable[[pd.DataFrame], pd.DataFrame]


def without_labels(home: Path) -> None:
    """Let no label ever come, and promise what only labels can show."""
    shutil.rmtree(home / "labels")
    objectives = [{"metric": "roc_auc", "source": "realized", "max_drop": 0.1}]
    world.write_contract(home, world.CONTRACT | {"objectives": objectives})
    # Short pools: the bad days are out of them soon.
    horizons = [{"days": days, "false_alarm": 0.001} for days in (1, 3)]
    world.amend(home, "policy", horizons=horizons)


def deliver(
    home: Path,
    day: date,
    version: str,
    *,
    rows: int = world.ROWS,
    change: Change | None = None,
) -> None:
    """Deliver the predictions of a day, and no labels."""
    world.write_day(home, day, version=version, rows=rows, change=change)
    shutil.rmtree(home / "labels")


def raised(rows: pd.DataFrame) -> pd.DataFrame:
    """Raise all scores, in their order, on the way from the model."""
    return rows.assign(score=rows["score"] ** 0.3)


@pytest.mark.parametrize(
    ("gate", "rests_on"),
    [
        pytest.param("always", "check/reference/", id="damaged"),
        pytest.param("never", "output/score_mean/", id="moved"),
    ],
)
@pytest.mark.parametrize(
    "version",
    [pytest.param(RELEASED, id="mended"), pytest.param("2", id="withdrawn")],
)
def test_incident_about_outputs_ends_by_outputs_where_labels_never_come(
    home: Path, gate: str, rests_on: str, version: str
) -> None:
    """By days on which they were measured, of whatever serves, and by no other day."""
    without_labels(home)
    world.amend(home, "policy", reference_gate={"when": gate})
    for day in (FIRST_BAD, CONFIRMED):
        deliver(home, day, RELEASED, change=raised)
    deliver(home, LOST, version, rows=60)
    for day in MENDED:
        deliver(home, day, version)
    first, last = (day.isoformat() for day in world.HISTORY)
    with open_workspace(home) as workspace:
        backfill(world.MODEL, first, last, workspace=workspace)
    _, bad, _, before, after = worlds.run(home, FIRST_BAD, CONFIRMED, LOST, *MENDED)
    assert (bad.performance, bad.severity, bad.cause) == ("immature", "P2", "model")
    assert bad.evidence["chosen_by"][0].startswith(rests_on)
    within = f"what had moved is within its limits on version {version}"
    for row, good in ((before, 1), (after, 2)):
        assert row.action is not None
        assert f"{row.day}: {within}, {good} of 2 good days" in row.action.text
    with open_workspace(home) as workspace:
        (incident,) = (
            i for i in workspace.incidents.find(world.MODEL) if i.cause == "model"
        )
    assert (incident.version, incident.state) == (RELEASED, "resolved")
    assert (incident.last_day, incident.resolved_day) == (CONFIRMED, MENDED[-1])
