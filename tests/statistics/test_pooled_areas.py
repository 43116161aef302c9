import pytest

from monitoring_tasks.statistics.pooled_areas import DayArea, auc_weight, pool_areas

SMALL = DayArea(area=0.6, error=0.1, weight=auc_weight(10, 10))
LARGE = DayArea(area=0.8, error=0.05, weight=auc_weight(40, 40))


def test_one_day_is_its_own_area() -> None:
    """Pooling a day alone changes nothing."""
    assert pool_areas([SMALL]) == pytest.approx((0.6, 0.1))


def test_days_count_by_what_they_tell() -> None:
    """Four times the rows, four times the weight; errors add up in squares."""
    area, error = pool_areas([SMALL, LARGE]) or (None, None)
    assert area == pytest.approx(0.76)
    assert error == pytest.approx(((0.2 * 0.1) ** 2 + (0.8 * 0.05) ** 2) ** 0.5)


def test_no_day_has_no_area() -> None:
    """Days of one class were left out before."""
    assert pool_areas([]) is None


def test_day_without_an_error_leaves_the_pool_without_one() -> None:
    """An interval that leaves a day's chance out would be too narrow."""
    unsure = DayArea(area=0.5, error=None, weight=20.0)
    area, error = pool_areas([LARGE, unsure]) or (None, 0.0)
    assert area == pytest.approx(0.65)
    assert error is None
