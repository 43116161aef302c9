import numpy as np
import pytest

from monitoring_tasks.compare.trend_line import TrendLine, similar_series


def test_line_goes_through_points_on_a_line() -> None:
    """Level on the last day, slope a day, whatever the gaps; many series at once."""
    days = np.array([-6.0, -5.0, -1.0, 0.0])
    line = TrendLine(days, np.ones(4))
    levels, slopes = line.fit(np.array([0.7 + 0.01 * days, 3 - 2 * days]))
    assert levels == pytest.approx([0.7, 3.0])
    assert slopes == pytest.approx([0.01, -2.0])


def test_line_is_not_bent_by_a_wild_day() -> None:
    """A quarter of the points may be anywhere."""
    days = np.arange(-7.0, 1.0)
    values = 0.7 + 0.01 * days
    values[2] = 50.0
    (level,), (slope,) = TrendLine(days, np.ones(8)).fit(values[None, :])
    assert (level, slope) == pytest.approx((0.7, 0.01))


def test_line_goes_by_the_points_that_are_sure() -> None:
    """A thousandth of the error, a thousand times the weight."""
    days = np.arange(-5.0, 1.0)
    values = np.where(days % 2, 0.7 + 0.01 * days, 0.5 - 0.03 * days)
    errors = np.where(days % 2, 0.001, 1.0)
    (level,), (slope,) = TrendLine(days, errors).fit(values[None, :])
    assert (level, slope) == pytest.approx((0.7, 0.01))


@pytest.mark.parametrize(
    ("correlation", "low", "high"), [(0.0, 0.0, 0.3), (0.8, 0.5, 0.95)]
)
def test_series_hang_together_as_the_residuals_do(
    correlation: float, low: float, high: float
) -> None:
    """The correlation of consecutive days is that of the residuals, freed of bias."""
    rng = np.random.default_rng(3)
    residuals = rng.standard_normal(200)
    for t in range(1, 200):
        new = np.sqrt(1 - correlation**2) * residuals[t]
        residuals[t] = correlation * residuals[t - 1] + new
    drawn = similar_series(residuals, 500, rng)
    after, before = drawn[:, 1:].ravel(), drawn[:, :-1].ravel()
    assert low <= np.corrcoef(after, before)[0, 1] <= high
    assert drawn.std() == pytest.approx(residuals.std(), rel=0.1)


def test_series_are_the_same_for_the_same_seed() -> None:
    """A forecast can be made again."""
    residuals = np.sin(np.arange(20.0))
    one, two = (similar_series(residuals, 9, np.random.default_rng(5)) for _ in "12")
    assert (one == two).all()
    assert one.shape == (9, 20)
