"""Scores of a region that are not what the model gave: through the real path."""

from pathlib import Path

import pandas as pd
import pytest

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds
from tests.scenarios.worlds import CONFIRMED, FIRST_BAD

pytestmark = worlds.QUIET
KOELN, OTHER = "region=Köln", f"region={world.REGIONS[1]}"


def raise_koeln(rows: pd.DataFrame) -> pd.DataFrame:
    """Raise the scores of one region, in their order, on the way from the model."""
    hit = rows["region"].eq("Köln")
    return rows.assign(score=rows["score"].mask(hit, rows["score"] ** 0.3))


@pytest.mark.slow
def test_region_whose_scores_moved_alone_is_a_ticket_on_the_second_day(
    home: Path,
) -> None:
    """Ranks, labels and inputs are as ever; the region and the scoring are named."""
    for day in (FIRST_BAD, CONFIRMED):
        world.write_day(home, day, change=raise_koeln)
    first, last = (day.isoformat() for day in world.HISTORY)
    with open_workspace(home) as workspace:
        backfill(world.MODEL, first, last, workspace=workspace)
    rows = worlds.run(home, FIRST_BAD, CONFIRMED)
    with open_workspace(home) as workspace:
        findings = {
            f.measurement.segment: f
            for f in workspace.results.findings(rows[-1].unit)
            if (f.measurement.kind, f.measurement.metric) == (Kind.OUTPUT, "score_mean")
        }
    assert findings[KOELN].verdict is Verdict.WARN
    assert findings[OTHER].verdict is Verdict.OK
    before, confirmed = (row.decision for row in rows)
    assert before is not None
    assert confirmed is not None
    assert before.severity is not Severity.P2
    assert (confirmed.severity, confirmed.cause) == (Severity.P2, Cause.INTEGRATION)
