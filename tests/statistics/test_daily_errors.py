import math
from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.statistics.daily_errors import FEWEST_DAYS, DailyErrors, summarize

FIRST = date(2013, 1, 1)


def made(*errors: float, gaps: int = 1) -> DailyErrors:
    """Summarize errors of days `gaps` apart at .95."""
    days = [FIRST + timedelta(days=gaps * i) for i in range(len(errors))]
    return summarize(days, errors, confidence=0.95)


def test_interval_is_students_when_days_do_not_resemble_each_other() -> None:
    """Errors that swing back and forth are taken as independent, not as better."""
    errors = made(0.1, -0.1, 0.1, -0.1, 0.1, -0.1)
    error = math.sqrt(6 * 0.01 / 5 / 6)
    assert errors.effective_days == pytest.approx(6)
    assert errors.standard_error == pytest.approx(error)
    assert errors.upper == pytest.approx(2.5706 * error, rel=1e-4)


def test_days_that_resemble_each_other_count_as_fewer() -> None:
    """The inflation by the formula: mean over all pairs of days of r ** distance."""
    values = [-1.0, -0.5, 0.0, 0.5, 1.0, 1.0, 0.5, 0.0, -0.5, -1.0]
    around = np.array(values)
    raw = (around[1:] * around[:-1]).mean() / (around**2).mean()
    r = min((10 * raw + 1) / 6, 0.95)
    apart = np.abs(np.subtract.outer(np.arange(10), np.arange(10)))
    expected = 10 / ((r**apart).sum() / 10)
    assert 1 < expected < 3
    assert made(*values).effective_days == pytest.approx(expected)


def test_days_far_apart_count_more_than_days_in_a_row() -> None:
    """The same errors a week apart, none of them next to another, are independent."""
    values = [0.1, 0.2, 0.3, 0.3, 0.2, 0.1]
    near, far = made(*values), made(*values, gaps=7)
    assert near.effective_days is not None
    assert far.effective_days == pytest.approx(6)
    assert near.effective_days < 4


def test_only_consecutive_days_say_how_days_resemble_each_other() -> None:
    """Four weekends, both days alike, one weekend unlike the next: four days' worth."""
    days = [FIRST + timedelta(days=7 * week + i) for week in range(4) for i in (0, 1)]
    errors = [0.1, 0.1, -0.1, -0.1] * 2
    made = summarize(days, errors, confidence=0.95)
    weeks = 0.95 ** np.abs(np.subtract.outer(*[[d.toordinal() for d in days]] * 2))
    assert made.effective_days == pytest.approx(8 / (weeks.sum() / 8))


@pytest.mark.parametrize(
    ("count", "has_interval"),
    [
        (0, False),
        (FEWEST_DAYS - 1, False),
        (FEWEST_DAYS, True),
        (FEWEST_DAYS + 1, True),
    ],
)
def test_interval_needs_a_few_days(count: int, *, has_interval: bool) -> None:
    """With fewer days there is a mean and no claim about it; without any, nothing."""
    errors = made(*[0.1 * i for i in range(count)])
    assert errors.days == count
    assert (errors.mean is not None) is (count > 0)
    assert (errors.lower is not None) is has_interval
    assert (errors.standard_error is not None) is has_interval


def test_constant_errors_have_an_interval_of_no_width() -> None:
    """An error that never changes is known for certain."""
    errors = made(*[0.25] * 8)
    assert errors.lower == errors.mean == errors.upper == 0.25
    assert errors.deviation == 0


@pytest.mark.parametrize(
    ("days", "errors"),
    [
        pytest.param([0, 0], [0.1, 0.2], id="twice"),
        pytest.param([1, 0], [0.1, 0.2], id="backwards"),
        pytest.param([0, 1], [0.1], id="one missing"),
        pytest.param([0, 1], [0.1, math.nan], id="nan"),
        pytest.param([0, 1], [0.1, math.inf], id="infinite"),
    ],
)
def test_errors_that_are_no_series_are_refused(
    days: list[int], errors: list[float]
) -> None:
    """One finite error a day, in order: anything else is a fault of the caller."""
    with pytest.raises(ValueError, match=r"is needed|finite"):
        summarize([FIRST + timedelta(days=d) for d in days], errors, confidence=0.95)
