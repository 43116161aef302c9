"""How incidents about numbers that moved end: outputs by outputs, inputs by labels."""

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
    ("served", "version", "cause"),
    [
        pytest.param(RELEASED, RELEASED, "model", id="mended"),
        pytest.param(RELEASED, "2", "model", id="withdrawn"),
        pytest.param("2", "2", "integration", id="scoring mended"),
    ],
)
def test_incident_about_outputs_ends_by_outputs_where_labels_never_come(
    home: Path, *, gate: str, rests_on: str, served: str, version: str, cause: str
) -> None:
    """By days on which they were measured, of whatever serves, and by no other day."""
    without_labels(home)
    world.amend(home, "policy", reference_gate={"when": gate})
    for day in (FIRST_BAD, CONFIRMED):
        deliver(home, day, served, change=raised)
    deliver(home, LOST, version, rows=60)
    for day in MENDED:
        deliver(home, day, version)
    first, last = (day.isoformat() for day in world.HISTORY)
    with open_workspace(home) as workspace:
        backfill(world.MODEL, first, last, workspace=workspace)
    _, bad, _, before, after = worlds.run(home, FIRST_BAD, CONFIRMED, LOST, *MENDED)
    assert (bad.performance, bad.severity, bad.cause) == ("immature", "P2", cause)
    assert bad.evidence["chosen_by"][0].startswith(rests_on)
    within = f"what had moved is within its limits on version {version}"
    for row, good in ((before, 1), (after, 2)):
        assert row.action is not None
        assert f"{row.day}: {within}, {good} of 2 good days" in row.action.text
    with open_workspace(home) as workspace:
        (incident,) = (
            i for i in workspace.incidents.find(world.MODEL) if i.cause == cause
        )
    assert (incident.version, incident.state) == (served, "resolved")
    assert (incident.last_day, incident.resolved_day) == (CONFIRMED, MENDED[-1])


def from_one_channel(rows: pd.DataFrame) -> pd.DataFrame:
    """Let all requests come by one channel, which no version reads."""
    return rows.assign(channel="web")


def half(labels: pd.DataFrame) -> pd.DataFrame:
    """Lose half of the labels."""
    return labels.iloc[::2]


def test_incident_about_inputs_that_stay_moved_ends_by_labels_of_its_days(
    home: Path,
) -> None:
    """By days whose own labels exclude the loss that matters, though nothing goes back.

    A day of too few labels to say so goes on with it.
    """
    objectives = [{"metric": "roc_auc", "source": "realized", "max_drop": 0.1}]
    world.write_contract(home, world.CONTRACT | {"objectives": objectives})
    drift = {"multivariate": False, "min_distance": 0.1}
    world.amend(home, "policy", reference_gate={"when": "never"}, drift=drift)
    for day in (FIRST_BAD, CONFIRMED, LOST):
        world.write_day(home, day, change=from_one_channel, labels=half)
    for day in MENDED:
        world.write_day(home, day, rows=1600, change=from_one_channel)
    first, last = (day.isoformat() for day in world.HISTORY)
    with open_workspace(home) as workspace:
        backfill(world.MODEL, first, last, workspace=workspace)
    _, bad, lost, *good = worlds.run(home, FIRST_BAD, CONFIRMED, LOST, *MENDED)
    for row in (bad, lost):
        assert (row.performance, row.severity, row.cause) == ("immature", "P2", "data")
        assert row.evidence["chosen_by"] == ["drift/jensen_shannon/channel/all/2/1"]
    for count, row in enumerate(good, start=1):
        # What had moved lies where it lay, and is told; nobody has to act.
        assert (row.performance, row.severity, row.cause) == ("ok", "P3", None)
        assert row.action is not None
        text = f"{row.day}: ok on version 2, {count} of 2 good days"
        assert row.action.text == text
    with open_workspace(home) as workspace:
        (incident,) = workspace.incidents.find(world.MODEL)
    assert (incident.id, incident.state) == (f"loan-data-{CONFIRMED}", "resolved")
    assert (incident.last_day, incident.resolved_day) == (LOST, MENDED[-1])
