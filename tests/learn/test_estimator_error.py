from datetime import date, timedelta

import pytest

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.learn.estimator_error import estimator_error

FIRST = date(2013, 1, 1)


def by_day(kind: Kind, *values: float | None) -> dict[date, Measurement]:
    """Give one number a day, with an interval of 0.05 on either side."""
    return {
        FIRST + timedelta(days=i): Measurement(
            kind=kind,
            metric="roc_auc",
            version="1",
            value=value,
            lower=None if value is None else value - 0.05,
            upper=None if value is None else value + 0.05,
        )
        for i, value in enumerate(values)
    }


def test_error_is_signed_and_absolute_when_estimates_err_both_ways() -> None:
    """Errors that cancel out in the bias stay in the mean absolute error."""
    error = estimator_error(
        by_day(Kind.ESTIMATED, 0.8, 0.6), by_day(Kind.REALIZED, 0.7, 0.7)
    )
    assert error.bias == pytest.approx(0.0)
    assert error.mean_absolute_error == pytest.approx(0.1)


def test_bias_is_positive_when_estimates_were_too_high() -> None:
    """The bias is estimated less realized."""
    error = estimator_error(
        by_day(Kind.ESTIMATED, 0.8, 0.9), by_day(Kind.REALIZED, 0.7, 0.7)
    )
    assert error.bias == pytest.approx(0.15)


def test_coverage_counts_the_days_inside_the_estimates_interval() -> None:
    """A realized number at the end of the interval is inside; one beyond is not."""
    error = estimator_error(
        by_day(Kind.ESTIMATED, 0.5, 0.5, 0.5, 0.5),
        by_day(Kind.REALIZED, 0.5, 0.55, 0.56, 0.44),
    )
    assert (error.coverage, error.interval_days) == (0.5, 4)


@pytest.mark.parametrize(
    ("estimated", "realized"),
    [
        pytest.param([0.7, None], [None, 0.7], id="never both"),
        pytest.param([], [0.7], id="no estimate"),
        pytest.param([0.7], [], id="no label"),
    ],
)
def test_error_has_no_number_when_no_day_has_both(
    estimated: list[float | None], realized: list[float | None]
) -> None:
    """Without a day that has both numbers there is a reason and no number."""
    error = estimator_error(
        by_day(Kind.ESTIMATED, *estimated), by_day(Kind.REALIZED, *realized)
    )
    assert error.bias is error.mean_absolute_error is error.coverage is None
    assert error.reason == "no day has both numbers"


def test_days_with_one_number_do_not_count() -> None:
    """Only the days that have both numbers are behind the error."""
    error = estimator_error(
        by_day(Kind.ESTIMATED, 0.8, 0.8, None), by_day(Kind.REALIZED, 0.7, None, 0.1)
    )
    assert error.days == 1
    assert error.bias == pytest.approx(0.1)


def test_coverage_has_a_reason_when_no_estimate_has_an_interval() -> None:
    """Bias is known without intervals, coverage is not."""
    bare = Measurement(kind=Kind.ESTIMATED, metric="f1", version="1", value=0.8)
    error = estimator_error({FIRST: bare}, by_day(Kind.REALIZED, 0.7))
    assert error.bias == pytest.approx(0.1)
    assert error.coverage is None
    assert error.reason == "no estimate has an interval"
