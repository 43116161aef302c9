from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.decide.standing_warnings import standing_warnings
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Verdict
from monitoring_tasks.domain.standing_warnings import DayWarnings
from tests.builders import DAY, make_contract, make_finding, make_past

DROP = {"metric": "roc_auc", "source": "realized", "max_drop": 0.05}
CONTRACT = make_contract(objectives=[DROP])
KEY = ("drift", "jensen_shannon", "temp", "all")


def moved(ratio: float, *, version: str = "2") -> Finding:
    """Return drift of an input so many times past its limit."""
    return make_finding(
        Verdict.WARN,
        kind=Kind.DRIFT,
        metric="jensen_shannon",
        column="temp",
        version=version,
        value=ratio / 10,
        limit=Limit(high=0.1),
    )


def past(*ratios: float | None) -> list[PastDay]:
    """Return the days before, on which it lay so many limits off, or did not."""
    return [
        replace(
            make_past(DAY - timedelta(days=len(ratios) - place)),
            warnings=DayWarnings(ratios={} if ratio is None else {KEY: ratio}),
        )
        for place, ratio in enumerate(ratios)
    ]


def test_run_survives_a_day_within_the_limit() -> None:
    """As many good days as the rule of 2 in 3 lets pass."""
    (warning,) = standing_warnings(
        [moved(2.0)], past(None, None, 5.0, 2.0, None), CONTRACT, day=DAY
    )
    assert (warning.days, warning.run_days) == (2, 4)
    assert (warning.first_ratio, warning.is_sudden) == (5.0, True)


def test_run_that_is_as_old_as_memory_did_not_jump() -> None:
    """Nobody knows how it began."""
    (warning,) = standing_warnings([moved(9.0)], past(9.0, 9.0), CONTRACT, day=DAY)
    assert not warning.is_sudden


def test_days_without_rows_are_passed_over() -> None:
    """They neither confirm a move nor end it."""
    empty = make_past(DAY - timedelta(days=1), Verdict.NO_DATA, version="")
    (warning,) = standing_warnings(
        [moved(2.0)], [*past(None, 2.0, None)[:2], empty], CONTRACT, day=DAY
    )
    assert (warning.days, warning.is_told) == (2, True)


def test_two_versions_of_a_day_are_one_warning() -> None:
    """The one further past its limit."""
    findings = [moved(2.0, version="1"), moved(3.0)]
    (warning,) = standing_warnings(findings, [], CONTRACT, day=DAY)
    assert warning.finding.measurement.version == "2"


@pytest.mark.parametrize(
    ("columns", "is_grave"),
    [(("score",), True), (("score", "temp"), False), (("temp",), False)],
)
def test_outputs_that_move_alone_are_grave_at_once(
    columns: tuple[str, ...], *, is_grave: bool
) -> None:
    """Scores follow from inputs; past the limit a little, on two days, is enough."""
    findings = [
        replace(moved(1.5), measurement=replace(moved(1.5).measurement, column=column))
        for column in columns
    ]
    ratios = {("drift", "jensen_shannon", column, "all"): 1.5 for column in columns}
    yesterday = make_past(DAY - timedelta(days=1))
    history = [
        *past(None, None)[:1],
        replace(yesterday, warnings=DayWarnings(ratios=ratios)),
    ]
    warnings = standing_warnings(findings, history, CONTRACT, day=DAY)
    assert [w.is_grave for w in warnings] == [is_grave] * len(columns)
