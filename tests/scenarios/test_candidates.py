"""Which versions are tried, and what they are tried on."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from monitoring_tasks.compare.versions import estimated_gain
from monitoring_tasks.compare.versions.candidates import REMEMBERED_DAYS, candidates_for
from monitoring_tasks.compare.versions.step import compare_with
from monitoring_tasks.domain.comparisons import Basis
from monitoring_tasks.domain.releases import ServedDay
from monitoring_tasks.domain.trust import EstimatorTrust, TrustVerdict
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.version_tags import QUARANTINE_TAG
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.served_days import served_days
from monitoring_tasks.workspace import release_history
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.release_history import registered_candidates
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds
from tests.scenarios.worlds import CONFIRMED

pytestmark = worlds.QUIET


def tried(home: Path, day: date = CONFIRMED) -> list[str]:
    """List the candidates of a day that version 3 serves."""
    with open_workspace(home) as workspace:
        return candidates_of(Day(workspace, world.unit_of(workspace, day)), "3")


def candidates_of(day: Day, champion: str) -> list[str]:
    """List the versions to try instead of the one that serves a day."""
    candidates = candidates_for(
        champion,
        registered_candidates(day),
        served_days(day.workspace.database, day.unit, days=REMEMBERED_DAYS),
        fallback=day.contract.response.fallback,
    )
    return [candidate.version for candidate in candidates]


def test_versions_that_served_come_first(breached: Path) -> None:
    """Version 2 served the days before; version 1 never did."""
    assert tried(breached) == ["2", "1"]


def test_fallback_comes_before_all(breached: Path) -> None:
    """Rules the owners stand by are never crowded out."""
    world.amend(breached, "response", fallback="1")
    assert tried(breached) == ["1", "2"]


def test_withdrawn_version_is_not_tried_again(breached: Path) -> None:
    """What a rollback put away does not come back by itself."""
    with open_workspace(breached) as workspace:
        workspace.registry.tag_version(world.MODEL, "2", {QUARANTINE_TAG: "it was bad"})
    assert tried(breached) == ["1"]


def test_version_that_ended_in_breach_comes_last(breached: Path) -> None:
    """Version 3 was in breach on the last day it served."""
    world.write_day(breached, CONFIRMED + timedelta(days=1), version="1")
    with open_workspace(breached) as workspace:
        day = Day(workspace, world.unit_of(workspace, CONFIRMED + timedelta(days=1)))
        assert candidates_of(day, "1") == ["2", "3"]


def test_breach_of_a_young_release_reads_once_who_served(
    breached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which versions to try and which one was replaced is told by the same days."""
    spans: list[int] = []

    def counted(database: Database, unit: Unit, *, days: int) -> list[ServedDay]:
        spans.append(days)
        return served_days(database, unit, days=days)

    monkeypatch.setattr(release_history, "served_days", counted)
    (row,) = worlds.run(breached, CONFIRMED, mode=Mode.DRY_RUN)
    assert row.rollback_to == "2"
    assert spans == [REMEMBERED_DAYS]


def without_labels(home: Path) -> None:
    """Take the labels of the second bad day away, and look at it alone."""
    world.part(home, "labels", CONFIRMED).unlink()
    world.amend(home, "policy", versions={"pool_days": 1})


def test_without_labels_untested_estimates_say_nothing(breached: Path) -> None:
    """A young version's estimates were never held against labels."""
    without_labels(breached)
    (row,) = worlds.run(breached, CONFIRMED, mode=Mode.DRY_RUN)
    with open_workspace(breached) as workspace:
        day = Day(workspace, world.unit_of(workspace, CONFIRMED, Mode.DRY_RUN))
        target = [v for v in registered_candidates(day) if v.version == "2"]
        (found,) = compare_with(day, target, most=1)
    assert row.rollback_to is None
    assert (found.basis, found.gain) == (Basis.ESTIMATED, None)
    assert "no day has its labels yet, and the estimates of version 3" in found.reason


def test_without_labels_trusted_estimates_are_compared(
    breached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both versions' estimates stood up to labels: the gain is estimated, and said so.

    Version 3 ranks as surely by its own scores as version 2 does: no gain is seen.
    """
    without_labels(breached)
    worlds.run(breached, CONFIRMED, mode=Mode.DRY_RUN)

    def trusted(version: str) -> EstimatorTrust:
        return EstimatorTrust(
            version=version,
            segment="all",
            metric="roc_auc",
            verdict=TrustVerdict.TRUSTED,
            reason="",
            bias=0.0,
            reach=0.01,
        )

    monkeypatch.setattr(
        Day,
        "estimator_trust",
        lambda *_: {(v, "all", "roc_auc"): trusted(v) for v in ("2", "3")},
    )
    monkeypatch.setattr(estimated_gain, "RESAMPLES", 50)
    with open_workspace(breached) as workspace:
        day = Day(workspace, world.unit_of(workspace, CONFIRMED, Mode.DRY_RUN))
        target = [v for v in registered_candidates(day) if v.version in {"1", "2"}]
        second, first = compare_with(day, target, most=2)
    assert (second.version, second.basis) == ("2", Basis.ESTIMATED)
    assert second.gain == pytest.approx(0.0, abs=0.05)
    assert second.rows == world.ROWS
    assert not second.is_better_by(0.01)
    assert "the estimates of version 1 were never checked" in first.reason
