"""Limits of numbers that are neither good nor bad."""

from dataclasses import replace

import pytest

from monitoring_tasks.compare.baseline import Expected
from monitoring_tasks.compare.level_limits import LevelTest, judge_level, one_sided
from monitoring_tasks.compare.skewed import Shape
from monitoring_tasks.compare.thresholds import expected_as_usual
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.reference import DailyNoise
from tests.builders import DAY, make_measurement


def expected(mean: float, rows: int) -> Expected:
    """Return what chance alone makes of a share of so many rows."""
    error = (mean * (1 - mean) / rows) ** 0.5
    return Expected(mean=mean, error=error, degrees_of_freedom=60)


def verdict(value: float, *, mean: float, rows: int, shift: float = 0.0) -> Verdict:
    """Judge a share of some rows."""
    number = make_measurement(value=value, rows=rows)
    test = LevelTest(shape=Shape.SHARE, false_alarm=1e-3, shift=shift)
    limit, p_value = test.held(number, expected(mean, rows))
    finding = judge_level(number, limit, p_value, min_rows=1)
    assert p_value is not None
    # Past a limit that chance sets is as rare as promised, and the other way round.
    assert shift or (p_value < 1e-3) is (finding.verdict is Verdict.WARN)
    return finding.verdict


@pytest.mark.parametrize(
    ("value", "mean", "rows", "judged"),
    [
        pytest.param(1.0, 0.5, 24, "warn", id="all alike, where half are usual"),
        pytest.param(0.0, 0.5, 24, "warn", id="none, where half are usual"),
        pytest.param(1.0, 0.95, 24, "ok", id="all, where nearly all are usual"),
        pytest.param(0.0, 0.02, 24, "ok", id="none, where few are usual"),
        pytest.param(0.0, 0.02, 2_000, "warn", id="none of many rows"),
        pytest.param(0.6, 0.5, 24, "ok", id="two rows more"),
        pytest.param(0.6, 0.5, 2_000, "warn", id="as much of many rows"),
    ],
)
def test_share_of_few_rows_moves_by_whole_rows(
    value: float, mean: float, rows: int, judged: str
) -> None:
    """A share of 0 or 1 is past its limits only where chance hardly gives it."""
    assert verdict(value, mean=mean, rows=rows) == judged


def test_move_that_is_too_small_never_warns() -> None:
    """However many rows are behind it."""
    assert verdict(0.52, mean=0.5, rows=1_000_000, shift=0.05) == "ok"


@pytest.mark.parametrize(("sign", "ends"), [(1, (None, 2.0)), (-1, (2.0, None))])
def test_limit_on_one_side(sign: int, ends: tuple[float | None, float | None]) -> None:
    """It names that side alone."""
    limit = one_sided(expected(0.5, 10), 2.0, sign, 0.01)
    assert (limit.low, limit.high, limit.advisory) == (*ends, True)
    assert ("below" in limit.origin, "above" in limit.origin) == (sign < 0, sign > 0)


@pytest.mark.parametrize(("value", "half"), [(0.5, 0.05), (1.0, 0.005)])
def test_end_of_the_range_has_no_smaller_error_than_a_usual_day(
    value: float, half: float
) -> None:
    """All rows of one class have hardly an interval; chance goes as far as ever."""
    usual = DailyNoise(mean=0.5, spread=0.0, days=14, sampling=0.025, rows=400)
    number = make_measurement(
        value=value, lower=value - half, upper=value + half, rows=400
    )
    expected = expected_as_usual(number, usual, day=DAY, confidence=0.95)
    assert expected.error == pytest.approx(0.0255 * (15 / 14) ** 0.5, rel=0.02)
    assert expected.degrees_of_freedom > 10
    few = expected_as_usual(replace(number, rows=100), usual, day=DAY, confidence=0.95)
    assert few.error > 1.9 * expected.error * (value == 1.0)
