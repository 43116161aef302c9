"""Days whose rows stay with their source: the verdicts of days that were copied."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.errors import NoDataError, RowsNotKeptError
from monitoring_tasks.estimate.weak_segment_evidence import EVIDENCE
from monitoring_tasks.operations import approvals
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.operations.settling import settle
from monitoring_tasks.operations.tracing import trace_prediction
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.HISTORY[0]
SAMPLE = 100
LATER = "2024-03-20T12:00:00+00:00"


def keep_facts(home: Path) -> Path:
    """Leave the rows where they lie, but for a sample smaller than a day."""
    source = world.CONTRACT["sources"]["predictions"] | {"freeze": "facts"}
    world.amend(home, "sources", predictions=source)
    return keep_few(home)


def keep_few(home: Path) -> Path:
    """Give what is measured row by row as many rows as the sample has."""
    few = {"sample_rows": SAMPLE, "weak_segments": {"sample_rows": SAMPLE}}
    world.amend(home, "policy", **few)
    return home


def judged(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[Evaluation]:
    """Judge the first day in a workspace."""
    monkeypatch.setenv("DAYWATCH_HOME", str(home))
    return worlds.run(home, DAY)


def test_a_day_is_judged_as_if_its_rows_were_copied(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every count, number, check and reason is the same; only a sample is kept."""
    copied = keep_few(world.copy(home, tmp_path / "copied"))
    (left,) = judged(keep_facts(home), monkeypatch)
    facts = worlds.dump(home)
    (there,) = judged(copied, monkeypatch)
    assert replace(left, predictions=None) == replace(there, predictions=None)
    rows = worlds.dump(copied)
    for table in ("profiles", "findings", "label_rounds", "incidents"):
        assert facts[table] == rows[table]
    assert (left.verdict, left.rows, left.labelled) == ("ok", world.ROWS, world.ROWS)
    with open_workspace(home) as workspace:
        day = Day(workspace, left.unit)
        assert day.rows.num_rows == SAMPLE
        assert day.sample_remark == f"on a sample of {SAMPLE} of {world.ROWS} rows"
        with pytest.raises(RowsNotKeptError, match="A drill needs every row of"):
            day.require_all_rows("A drill")


def test_a_day_no_larger_than_its_sample_is_kept_whole(home: Path) -> None:
    """It is judged in memory, and nothing is said of a sample."""
    keep_facts(home)
    world.amend(home, "policy", sample_rows=world.ROWS)
    (evaluation,) = worlds.run(home, DAY)
    with open_workspace(home) as workspace:
        day = Day(workspace, evaluation.unit)
        assert (day.rows.num_rows, day.sample_remark) == (world.ROWS, "")
        day.require_all_rows("Nothing")


def test_seven_tasks_end_as_one_run_and_again_in_the_same_tables(home: Path) -> None:
    """Each task opens the source for itself; nothing is added by a second run."""
    keep_facts(home)
    (whole,) = worlds.run(home, DAY)
    before, files = worlds.dump(home), worlds.files(home)
    key = daily.extract(
        world.MODEL, DAY.isoformat(), as_of=whole.unit.as_of.isoformat(), mode="live"
    )
    for step in (daily.validate, daily.estimate, daily.compare, daily.decide):
        key = step(key)
    daily.respond(key)
    assert worlds.dump(home) == before
    assert worlds.files(home) == files


def test_a_bad_release_is_found_in_days_that_stay_where_they_lie(home: Path) -> None:
    """Backfill, breach, confirmed: the version before is proven better on samples."""
    worlds.release(keep_facts(home))
    (confirmed,) = worlds.run(home, worlds.CONFIRMED)
    assert (confirmed.verdict, confirmed.cause) == ("breach", "model")
    assert (confirmed.rollback_to, worlds.alias(home)) == ("2", "2")
    remark = f"on a sample of {SAMPLE} of {world.ROWS} rows"
    proof = next(c for c in confirmed.comparisons if c.gain is not None)
    assert (proof.version, remark in proof.reason) == ("2", True)
    assert proof.rows <= SAMPLE * len(proof.days)
    assert remark in confirmed.evidence[EVIDENCE]["reason"]
    with open_workspace(home) as workspace:
        (rollback,) = workspace.rollbacks.find()
    before = worlds.journal(home)
    with pytest.raises(RowsNotKeptError, match="Scoring rows again needs every row"):
        approvals.repair_days(rollback.id, actor="ann")
    assert worlds.journal(home) == before


def test_a_prediction_that_is_not_in_the_sample_may_be_in_the_source(
    home: Path,
) -> None:
    """Those of the sample are followed; of the others nobody says they never were."""
    (evaluation,) = worlds.run(keep_facts(home), DAY)
    with open_workspace(home) as workspace:
        kept = Day(workspace, evaluation.unit).rows["id"].to_pylist()
        everyone = world.make_rows(DAY)["id"]
        other = next(name for name in everyone if name not in kept)
        trace = trace_prediction(workspace, kept[0])
        assert trace["batch"]["rows"] == world.ROWS
        with pytest.raises(NoDataError, match="Of 1 batches a sample is kept"):
            trace_prediction(workspace, other)


def test_a_source_that_changed_is_said_and_never_counted_again(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The day run again has no verdict and says why; others keep the one they have."""
    keep_facts(home)
    labels = world.part(home, "labels", DAY)
    late = labels.read_bytes()
    labels.unlink()
    (first,) = worlds.run(home, DAY)
    path = world.part(home, "predictions", DAY)
    whole = path.read_bytes()
    pd.read_parquet(path).iloc[:-1].to_parquet(path, index=False)
    labels.write_bytes(late)
    with caplog.at_level(logging.WARNING):
        assert settle(world.MODEL, as_of=LATER, mode="live") == []
        span = (DAY.isoformat(), DAY.isoformat())
        assert backfill(world.MODEL, *span)["skipped"] == [DAY.isoformat()]
    assert "the source changed since 400 rows" in caplog.text
    (again,) = worlds.run(home, DAY)
    assert again.data_verdict == "no_data"
    assert f"predictions/day={DAY}/part-0.parquet: " in again.data_reason
    assert "freeze: rows" in again.data_reason
    path.unlink()
    path.write_bytes(whole)
    assert first.data_verdict == "ok"


def test_late_labels_are_joined_where_the_rows_lie(home: Path) -> None:
    """A source that is as it was is opened again, and its day judged anew."""
    keep_facts(home)
    labels = world.part(home, "labels", DAY)
    late = labels.read_bytes()
    labels.unlink()
    (before,) = worlds.run(home, DAY)
    labels.write_bytes(late)
    (key,) = settle(world.MODEL, as_of=LATER, mode="live")
    with open_workspace(home) as workspace:
        (after,) = workspace.results.current(world.MODEL, DAY, DAY)
    assert (before.labelled, after.labelled, after.key) == (0, world.ROWS, key)
    assert after.label_counts is not None
    assert (after.label_counts.joined, after.label_counts.orphans) == (world.ROWS, 0)


def test_broken_rows_are_counted_where_they_lie(home: Path) -> None:
    """A column of nulls and an id that is gone: no row is left out of the count."""
    keep_facts(home)
    no_ids = DAY + timedelta(days=1)
    world.write_day(home, DAY, change=lambda rows: rows.assign(score=None))
    world.write_day(home, no_ids, change=lambda rows: rows.drop(columns="id"))
    without_scores, without_ids = worlds.run(home, DAY, no_ids)
    assert without_scores.verdict == without_ids.verdict == "no_data"
    assert "'score'" in without_scores.data_reason
    assert "'id'" in without_ids.data_reason
    assert (without_scores.rows, without_ids.rows) == (world.ROWS, world.ROWS)
