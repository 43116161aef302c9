from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.decide.standing_warnings import (
    StandingWarning,
    standing_warnings,
)
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.findings import Check, Finding, Kind, Limit, Verdict
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
    assert (warning.onset, warning.is_told) == (DAY - timedelta(days=3), True)
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
    assert (warning.onset, warning.is_told) == (DAY - timedelta(days=2), True)


def test_two_versions_of_a_day_are_one_warning() -> None:
    """The one further past its limit."""
    findings = [moved(2.0, version="1"), moved(3.0)]
    (warning,) = standing_warnings(findings, [], CONTRACT, day=DAY)
    assert warning.finding.measurement.version == "2"


def past_limit(kind: Kind, ratio: float, p_value: float, column: str = "") -> Finding:
    """Return a number so many limits off, as improbable as that."""
    metric = "jensen_shannon" if kind is Kind.DRIFT else "accuracy"
    return replace(
        make_finding(
            Verdict.WARN,
            kind=kind,
            metric=metric,
            column=column,
            value=0.5 + ratio / 10,
            limit=Limit(low=0.4, high=0.6, reference=0.5, false_alarm=0.001),
        ),
        p_value=p_value,
    )


@pytest.mark.parametrize(
    ("findings", "is_grave"),
    [
        pytest.param(
            [past_limit(Kind.DRIFT, 3.0, 1e-6, "score")], True, id="scores far off"
        ),
        pytest.param(
            [past_limit(Kind.DRIFT, 2.9, 1e-9, "score")], False, id="scores not far off"
        ),
        pytest.param(
            [past_limit(Kind.DRIFT, 3.0, 1e-5, "score")], False, id="by chance"
        ),
        pytest.param(
            [past_limit(Kind.DRIFT, 5.0, 1e-9, name) for name in ("score", "temp")],
            False,
            id="inputs moved",
        ),
        pytest.param(
            [past_limit(Kind.TOO_GOOD, 1.5, 1e-6)], True, id="better than it can be"
        ),
        pytest.param(
            [past_limit(Kind.TOO_GOOD, 1.5, 1e-5)], False, id="a good day by chance"
        ),
        pytest.param(
            [past_limit(Kind.OUTCOME, 5.0, 1e-9)], False, id="labels may move"
        ),
    ],
)
def test_what_no_season_moves_waits_for_no_second_day(
    findings: list[Finding], *, is_grave: bool
) -> None:
    """Scores without inputs, and a model better than it can be."""
    warnings = standing_warnings(findings, past(None, None), CONTRACT, day=DAY)
    assert [warning.is_grave for warning in warnings] == [is_grave] * len(findings)


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


def outputs(
    metric: str,
    *,
    checks: Sequence[Check] = (),
    p_value: float | None = None,
    value: float = 0.6,
) -> StandingWarning:
    """Return what is thought of an output that moved for two days while labels came."""
    labels = make_finding(
        Verdict.OK,
        value=0.75,
        lower=0.74,
        upper=0.76,
        limit=Limit(low=0.68, reference=0.75, false_alarm=0.01),
    )
    output = make_finding(
        Verdict.WARN,
        kind=Kind.OUTPUT,
        metric=metric,
        value=value,
        limit=Limit(low=0.2, high=0.5, reference=0.35),
    )
    output = replace(output, p_value=p_value)
    key = ("output", metric, "", "all")
    yesterday = make_past(DAY - timedelta(days=1))
    history = [
        *past(None, None)[:1],
        replace(yesterday, warnings=DayWarnings(ratios={key: 1.5})),
    ]
    (warning,) = standing_warnings(
        [labels, output], history, CONTRACT, day=DAY, checks=checks
    )
    return warning


@pytest.mark.parametrize("metric", ["score_mean", "decision_rate"])
def test_rank_excuses_no_output_that_moved_alone(metric: str) -> None:
    """The AUC is as ever, whatever is decided and wherever the scores lie."""
    warning = outputs(metric)
    assert (warning.is_harmless, warning.is_grave) == (False, True)


@pytest.mark.parametrize(
    ("p_value", "value", "is_grave"),
    [
        pytest.param(1e-5, 0.6, True, id="beyond chance"),
        pytest.param(9e-4, 0.6, False, id="hardly beyond it"),
        pytest.param(9e-4, 0.85, True, id="but far"),
    ],
)
def test_output_that_moved_a_little_alone_is_not_grave_at_once(
    p_value: float, value: float, *, is_grave: bool
) -> None:
    """Of many outputs some cross a limit of 1 in 1,000 twice within three days."""
    warning = outputs("score_mean", p_value=p_value, value=value)
    assert (warning.is_told, warning.is_grave) == (True, is_grave)


def test_input_that_is_unlike_the_reference_has_moved() -> None:
    """In all rows or in a segment, as a fault or as a season: outputs follow."""
    check = Check(
        gate="reference",
        name="values_are_spread_as_usual",
        column="temp",
        status="failed",
        severity="warning",
    )
    warning = outputs("score_mean", checks=[check])
    assert (warning.is_harmless, warning.is_grave) == (True, False)
    of_output = replace(check, column="score")
    assert outputs("score_mean", checks=[of_output]).is_grave
    assert outputs("score_mean", checks=[replace(check, status="passed")]).is_grave


def test_labels_that_fit_too_well_excuse_nothing() -> None:
    """Nor do those of the days before."""
    leak = make_finding(
        Verdict.WARN,
        kind=Kind.TOO_GOOD,
        value=0.9,
        limit=Limit(high=0.8, reference=0.75),
    )
    (warning,) = standing_warnings([leak], [], CONTRACT, day=DAY)
    assert not warning.is_harmless
    # Three times as far from the usual value as its limit.
    assert warning.ratio == pytest.approx(3.0)
