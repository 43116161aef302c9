"""Limits of numbers that are neither good nor bad."""

import pytest

from monitoring_tasks.compare.baseline import Expected
from monitoring_tasks.compare.level_limits import LevelTest, judge_level, one_sided
from monitoring_tasks.compare.skewed import Shape
from monitoring_tasks.domain.findings import Verdict
from tests.builders import make_measurement


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
