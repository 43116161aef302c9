"""Labels that are wrong, elsewhere or late, through all steps of a day."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds
from tests.scenarios.worlds import CONFIRMED, FIRST_BAD

pytestmark = [*worlds.QUIET, pytest.mark.slow]


def judged(
    home: Path, labels: world.Change, *, change: world.Change | None = None
) -> list[Evaluation]:
    """Judge the healthy days, then two days with other labels; return the two."""
    for day in (FIRST_BAD, CONFIRMED):
        world.write_day(home, day, labels=labels, change=change)
    first, last = (day.isoformat() for day in world.HISTORY)
    with open_workspace(home) as workspace:
        backfill(world.MODEL, first, last, workspace=workspace)
    return worlds.run(home, FIRST_BAD, CONFIRMED)


def redefined(labels: pd.DataFrame) -> pd.DataFrame:
    """Call nearly every loan repaid; scores and inputs stay as they were."""
    random = np.random.default_rng(len(labels))
    hit = random.random(len(labels)) < 0.9
    return labels.assign(repaid=labels["repaid"].mask(hit, 1))


def redefined_in_part(labels: pd.DataFrame) -> pd.DataFrame:
    """Call every loan of one region repaid."""
    rows = world.make_rows(date.fromisoformat(labels["id"].iloc[0][:10]))
    inside = rows.loc[rows["region"].eq(world.REGIONS[0]), "id"]
    hit = labels["id"].isin(inside)
    return labels.assign(repaid=labels["repaid"].mask(hit, 1))


def foreign(labels: pd.DataFrame) -> pd.DataFrame:
    """Give the labels the ids of another system."""
    return labels.assign(id="other-" + labels["id"].astype(str))


def unchanged(labels: pd.DataFrame) -> pd.DataFrame:
    """Leave the labels as they are."""
    return labels


def none_yet(labels: pd.DataFrame) -> pd.DataFrame:
    """Deliver no label at all."""
    return labels.iloc[:0]


def test_labels_that_moved_overnight_are_looked_at_before_the_world(
    home: Path,
) -> None:
    """Inputs and outputs stay: nobody is told to retrain on wrong labels."""
    last = judged(home, redefined)[-1]
    assert (last.cause, last.rollback_to) == (Cause.LABEL_QUALITY, None)
    assert "did not move along" in last.reasons[0]


def test_definition_that_changed_in_one_segment_is_named_by_it(home: Path) -> None:
    """The other region's labels are as they were."""
    last = judged(home, redefined_in_part)[-1]
    assert last.label_faults[0].column == f"region={world.REGIONS[0]}"
    assert last.cause is Cause.LABEL_QUALITY


def test_labels_of_foreign_ids_are_told_by_what_is_the_matter(home: Path) -> None:
    """They came, so nobody waits for them; the day opens an incident at once."""
    first, _ = judged(home, foreign)
    assert (first.severity, first.cause) == ("P2", Cause.LABEL_QUALITY)
    assert [check.severity for check in first.label_faults] == ["critical"]
    assert any("labels have ids of no prediction" in text for text in first.reasons)


def test_batch_that_was_cut_early_is_no_fault_of_its_labels(home: Path) -> None:
    """No objective is broken; the predictions that came have their labels."""

    def cut(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.iloc[: len(rows) * 13 // 20]

    first, _ = judged(home, unchanged, change=cut)
    assert (first.severity, first.cause) == ("P2", Cause.INTEGRATION), first.reasons
    assert "predictions were lost on the way" in first.reasons[0]
    assert "as ever: predictions were lost" in first.label_faults[0].observed


@pytest.mark.parametrize("labels", [unchanged, none_yet])
def test_labels_that_are_well_or_late_are_no_fault(
    home: Path, labels: world.Change
) -> None:
    """What has not come cannot be unlike anything."""
    for day in judged(home, labels):
        assert day.label_faults == ()
        assert day.severity is None


def test_healthy_days_keep_how_their_labels_lie(home: Path) -> None:
    """By segment too: later days are held against them."""
    last = judged(home, unchanged)[-1]
    counts = last.label_counts
    assert counts is not None
    assert set(counts.summaries) == {"all", *(f"region={r}" for r in world.REGIONS)}
