import pytest

from monitoring_tasks.statistics.pooled_areas import DayArea, area_error, pool_areas

SMALL = DayArea(area=0.6, error=0.1, positives=10, negatives=10)
LARGE = DayArea(area=0.8, error=0.05, positives=40, negatives=40)


def test_one_day_is_its_own_area() -> None:
    """Pooling a day alone changes nothing."""
    assert pool_areas([SMALL]) == pytest.approx((0.6, 0.1))


def test_days_count_by_what_they_tell() -> None:
    """Four times the rows, four times the weight; errors add up in squares."""
    expected = 0.76, ((0.2 * 0.1) ** 2 + (0.8 * 0.05) ** 2) ** 0.5
    assert pool_areas([SMALL, LARGE]) == pytest.approx(expected)


def test_no_day_has_no_area() -> None:
    """Days of one class were left out before."""
    assert pool_areas([]) is None


def test_day_without_an_error_is_given_the_one_its_rows_would_have() -> None:
    """A single positive takes part, with all its chance."""
    single = DayArea(area=1.0, error=None, positives=1, negatives=40)
    area, error = pool_areas([LARGE, single]) or (0.0, 0.0)
    share = single.weight / (single.weight + LARGE.weight)
    expected = (share * area_error(area, 1, 40)) ** 2 + ((1 - share) * 0.05) ** 2
    assert error**2 == pytest.approx(expected)


def test_error_of_an_area_is_that_of_hanley_and_mcneil() -> None:
    """Of their table: an area of .893 on 51 and 58 rows has an error of .032."""
    assert area_error(0.893, 51, 58) == pytest.approx(0.032, abs=0.001)
