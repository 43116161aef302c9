"""Intervals: known values, and no width of 0."""

import pytest

from monitoring_tasks.statistics.intervals import clipped, difference, wilson


@pytest.mark.parametrize(
    ("hits", "rows", "expected"),
    [
        pytest.param(81, 263, (0.2553, 0.3662), id="Newcombe 1998, table I"),
        pytest.param(15, 148, (0.0624, 0.1605), id="Newcombe 1998, few"),
        pytest.param(0, 20, (0.0, 0.1611), id="none"),
        pytest.param(29, 29, (0.8830, 1.0), id="all"),
    ],
)
def test_wilson_gives_the_published_intervals(
    hits: int, rows: int, expected: tuple[float, float]
) -> None:
    """Table I of Newcombe (1998), Statistics in Medicine 17, 857-872, method 3."""
    assert wilson(hits, rows, confidence=0.95) == pytest.approx(expected, abs=5e-5)


def test_difference_gives_the_published_interval() -> None:
    """56/70 against 48/80: Newcombe (1998) 873-890, table II, method 10."""
    interval = difference((56, 70), (48, 80), confidence=0.95)
    assert interval == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_clipped_keeps_within_range() -> None:
    """A share cannot leave 0..1."""
    assert clipped((-0.1, 1.2), 0, 1) == (0, 1)
