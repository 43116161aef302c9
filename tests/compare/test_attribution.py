"""The order of the inputs is held against how the reference's own days keep it."""

from dataclasses import replace
from datetime import date
from math import inf, nan

import pytest
from scipy import stats

from monitoring_tasks.compare.attribution import judge_attribution
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reference import DailyNoise
from tests.builders import make_measurement

DAY = date(2026, 3, 4)
MOVES = "hour 1 -> 6"
STRAYING = DailyNoise(mean=0.1, spread=0.06, days=40, rows=500)
"""sqrt(1 - NDCG) of reference days."""
WANDERING = replace(STRAYING, mean=0.2, spread=0.1)


def judged(
    value: float | None, distance: DailyNoise | None, *, rows: int = 500
) -> Finding:
    """Judge a day's number."""
    policy = Policy.model_validate({"attribution": {"rows": 500}})
    number = make_measurement(
        kind=Kind.DRIFT,
        metric="attribution_ndcg",
        value=value,
        rows=rows,
        reason=MOVES if value is not None else "no feature changes any score",
    )
    return judge_attribution(number, distance, policy, day=DAY)


@pytest.mark.parametrize(
    ("value", "distance", "verdict"),
    [
        pytest.param(0.99, STRAYING, Verdict.OK, id="as its reference days"),
        pytest.param(0.85, WANDERING, Verdict.OK, id="its days stray further"),
        pytest.param(0.85, STRAYING, Verdict.WARN, id="far below them"),
        pytest.param(0.0, STRAYING, Verdict.WARN, id="never a breach"),
        pytest.param(None, STRAYING, Verdict.NO_DATA, id="no value"),
        pytest.param(nan, STRAYING, Verdict.NO_DATA, id="no number"),
        pytest.param(inf, STRAYING, Verdict.NO_DATA, id="infinite"),
        pytest.param(-inf, STRAYING, Verdict.NO_DATA, id="minus infinite"),
        pytest.param(None, None, Verdict.NO_DATA, id="nothing at all"),
        pytest.param(0.5, None, Verdict.INCONCLUSIVE, id="nothing was learnt"),
    ],
)
def test_verdict_follows_from_the_references_days(
    value: float | None, distance: DailyNoise | None, verdict: Verdict
) -> None:
    """Chance sets the limit; what was not measured or learnt is never ok."""
    assert judged(value, distance).verdict is verdict


def test_limit_by_hand() -> None:
    """1 - (m + t s)^2 at one in a hundred, one-sided, 39 degrees of freedom."""
    limit = judged(1.0, STRAYING).limit
    edge = 0.1 + stats.t.isf(0.01, 39) * 0.06 * (1 + 1 / 40) ** 0.5
    assert limit is not None
    assert limit.low == pytest.approx(1 - edge**2)
    assert limit.reference == pytest.approx(1 - 0.1**2)
    assert (limit.advisory, limit.false_alarm) == (True, 0.01)


def test_warning_names_what_moved_and_how_surely() -> None:
    """A reader sees the inputs; the p-value is below the rate that was promised."""
    finding = judged(0.85, STRAYING)
    assert finding.reason.endswith("; moved most: hour 1 -> 6")
    assert finding.p_value is not None
    assert finding.p_value < 0.01
    assert MOVES not in judged(0.99, STRAYING).reason


def test_days_that_never_stray_leave_the_smallest_loss_that_matters() -> None:
    """Without any spread a lost hundredth would be sure, and interests nobody."""
    still = DailyNoise(mean=0.0, spread=0.0, days=40, rows=500)
    assert judged(0.985, still).verdict is Verdict.OK
    assert judged(0.975, still).verdict is Verdict.WARN


def test_fewer_rows_may_stray_further() -> None:
    """A small day strays by the root of its rows."""
    few, many = judged(1.0, STRAYING, rows=125).limit, judged(1.0, STRAYING).limit
    assert few is not None
    assert many is not None
    assert 1 - (few.low or 0) == pytest.approx(4 * (1 - (many.low or 0)))


def test_few_reference_days_set_no_limit() -> None:
    """`min_reference_days` holds here as elsewhere."""
    short = DailyNoise(mean=0.1, spread=0.06, days=13, rows=500)
    finding = judged(0.2, short)
    assert finding.verdict is Verdict.INCONCLUSIVE
    assert finding.reason == "the reference has too few days"
