"""A release that is mildly worse: found by pairing its days, put back; and its null."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.operations import backfilling
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAYS = 9


def watched(home: Path, *, exchanged: float) -> tuple[list[Evaluation], Finding]:
    """Release version 3, version 2 with a share of its scores exchanged, and run it.

    Its days are judged in bulk but for the last two, which are lived through.

    Returns:
        The evaluations of those two days, and the finding on the release on the last.
    """

    last = world.RELEASE + timedelta(days=DAYS - 1)
    serve(home, world.RELEASE, last, exchanged=exchanged)
    lived = [last - timedelta(days=1), last]
    with open_workspace(home) as workspace:
        before = lived[0] - timedelta(days=1)
        backfill(workspace, world.HISTORY[0], before)
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "3")
        units = [world.unit_of(workspace, day) for day in lived]
        rows = [daily.run_day(workspace, unit) for unit in units]
        (finding,) = (
            f
            for f in workspace.results.findings(units[-1])
            if f.measurement.kind is Kind.COMPARISON
        )
    return rows, finding


def serve(home: Path, first: date, last: date, *, exchanged: float) -> None:
    """Deliver days of version 3: version 2 with a share of its scores exchanged."""

    def degrade(rows: pd.DataFrame) -> pd.DataFrame:
        random = np.random.default_rng(len(rows))
        score = world.fitted("2").predict_proba(rows[world.INPUTS])[:, 1]
        chosen = random.permutation(len(rows))[: round(exchanged * len(rows))]
        score[chosen] = score[random.permutation(chosen)]
        return rows.assign(score=score, prediction=(score >= 0.5).astype("int64"))

    for day in days_between(first, last):
        world.write_day(home, day, version="3", change=degrade)


def backfill(workspace: Any, first: date, last: date) -> None:  # noqa: ANN401 (a workspace)
    """Judge days in bulk."""
    backfilling.backfill(
        world.MODEL, first.isoformat(), last.isoformat(), workspace=workspace
    )


@pytest.mark.slow
def test_mild_bad_release_is_put_back(home: Path) -> None:
    """No promise is broken, yet the version before is surely better: a rollback."""
    rows, finding = watched(home, exchanged=0.2)
    assert finding.verdict is Verdict.BREACH
    assert finding.reason.startswith("version 2 would have done better by 0.0")
    assert rows[-1].cause == "model"
    assert "rollback" in [row.action.kind for row in rows]
    assert worlds.alias(home) == "2"


@pytest.mark.slow
def test_incident_about_a_release_ends_when_what_it_reads_was_mended(
    home: Path,
) -> None:
    """The version still serves; a week of its days shows that it is as good again."""
    world.amend(home, "response", mode="observe")
    mended = world.RELEASE + timedelta(days=DAYS)
    week = mended + timedelta(days=6)
    serve(home, world.RELEASE, mended - timedelta(days=1), exchanged=0.2)
    serve(home, mended, week + timedelta(days=1), exchanged=0.0)
    with open_workspace(home) as workspace:
        backfill(workspace, world.HISTORY[0], mended - timedelta(days=3))
    worlds.run(home, mended - timedelta(days=2), mended - timedelta(days=1))
    with open_workspace(home) as workspace:
        (incident,) = workspace.incidents.active(world.MODEL)
        backfill(workspace, mended, week - timedelta(days=1))
    rows = worlds.run(home, week, week + timedelta(days=1))
    assert [row.performance for row in rows] == ["ok", "ok"]
    assert "2 of 2 good days; a person may resolve it" in rows[-1].action.text
    with open_workspace(home) as workspace:
        ended = workspace.incidents.get(incident.id)
    assert ended is not None
    assert (ended.cause, ended.state, ended.last_day) == (
        "model",
        "monitoring",
        mended - timedelta(days=1),
    )


@pytest.mark.slow
def test_release_as_good_as_the_last_alarms_nobody(home: Path) -> None:
    """The same scores gain nothing; the finding says so and the days stay ok."""
    rows, finding = watched(home, exchanged=0.0)
    assert (finding.verdict, finding.measurement.value) == (Verdict.OK, 0.0)
    assert [row.performance for row in rows] == ["ok", "ok"]
    assert worlds.alias(home) == "3"
