"""How well a day is told from its reference is held against the reference's days."""

import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reference import DailyNoise
from tests.builders import DAY, make_contract, make_measurement, make_reference

KEY = "drift/domain_classifier_auroc//all"


def judged(value: float | None, *, mean: float | None, rows: int = 900) -> Finding:
    """Judge the area of a day whose reference days had `mean`."""
    noise = {}
    if mean is not None:
        noise[KEY] = DailyNoise(mean=mean, spread=0.04, days=40, rows=900)
    context = DayContext(
        day=DAY,
        contract=make_contract(),
        references={"1": make_reference(noise=noise)},
        label_coverage={},
    )
    number = make_measurement(
        kind=Kind.DRIFT, metric="domain_classifier_auroc", value=value, rows=rows
    )
    return judge_day([number], context)[0]


@pytest.mark.parametrize(
    ("value", "mean", "verdict"),
    [
        pytest.param(0.86, 0.86, Verdict.OK, id="as its reference days"),
        pytest.param(0.86, 0.55, Verdict.WARN, id="told far better than they"),
        pytest.param(0.97, 0.86, Verdict.WARN, id="near the end of the range"),
        pytest.param(0.40, 0.86, Verdict.OK, id="told worse is no drift"),
        pytest.param(None, 0.86, Verdict.NO_DATA, id="no value"),
        pytest.param(0.86, None, Verdict.INCONCLUSIVE, id="nothing was learnt"),
    ],
)
def test_limit_is_what_reference_days_are_told_by(
    value: float | None, mean: float | None, verdict: Verdict
) -> None:
    """The level says nothing; only being told better than those days is drift."""
    assert judged(value, mean=mean).verdict is verdict


@pytest.mark.parametrize("mean", [0.5, 0.86, 0.97])
def test_limit_can_be_passed_whatever_the_level(mean: float) -> None:
    """An area ends at 1, and so does every limit on it, on few rows as well."""
    for rows in (100, 900):
        limit = judged(0.9, mean=mean, rows=rows).limit
        assert limit is not None
        assert mean < (limit.high or 2) < 1
