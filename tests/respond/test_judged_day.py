"""What is found about the live version: doubt, the run it serves in, newer looks."""

from datetime import timedelta

import pytest

from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.respond.judged_day import (
    doubt_of,
    first_day_of_run,
    newer_live_evaluation,
    only_estimated_breaches,
)
from tests.builders import DAY, NOW, make_evaluation, make_finding, make_unit

ESTIMATED = make_finding(Verdict.BREACH, kind=Kind.ESTIMATED)
REALIZED = make_finding(Verdict.BREACH)


def test_number_from_labels_is_enough() -> None:
    """Estimates are asked about only where no label has spoken."""
    assert only_estimated_breaches([ESTIMATED, REALIZED]) == []
    assert only_estimated_breaches([ESTIMATED]) == [ESTIMATED.measurement]


def test_untested_estimates_leave_a_doubt() -> None:
    """They are named; without estimates there is nothing to doubt."""
    assert "only by estimates (roc_auc)" in doubt_of([ESTIMATED.measurement], {})
    assert doubt_of([], {}) == ""


@pytest.mark.parametrize(
    ("versions", "since"),
    [
        (["2", "1", None, "1"], 1),
        (["1", "2"], None),
        (["1", "1"], None),
        ([], None),
    ],
)
def test_run_begins_after_another_version(
    versions: list[str | None], since: int | None
) -> None:
    """Days without a version break nothing; a beginning that is not seen is none."""
    days = [
        make_evaluation(unit=make_unit(day=DAY + timedelta(days=ago)), version=version)
        for ago, version in enumerate(versions)
    ]
    expected = None if since is None else DAY + timedelta(days=since)
    assert first_day_of_run(days, "1") == expected


@pytest.mark.parametrize(
    ("mode", "hours", "is_newer"),
    [(Mode.LIVE, 1, True), (Mode.LIVE, 0, False), (Mode.BACKFILL, 1, False)],
)
def test_only_a_later_live_evaluation_is_newer(
    mode: Mode, hours: int, *, is_newer: bool
) -> None:
    """A backfill decides nothing anew."""
    unit = make_unit(as_of=NOW + timedelta(hours=hours), mode=mode)
    newest = make_evaluation(unit=unit)
    newer = newer_live_evaluation(make_evaluation(), [newest])
    assert newer == (newest if is_newer else None)
