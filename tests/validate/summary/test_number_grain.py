"""How many decimals numbers have."""

import numpy as np
import pytest

from monitoring_tasks.domain.batch_summary import Grain
from monitoring_tasks.validate.summary.number_grain import grain_of


def finer(*values: float) -> tuple[int, ...]:
    """Return how many values have more than 0, 1 and 2 decimals."""
    return grain_of(np.sort(np.asarray(values, dtype=np.float64))).finer


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ((1, -2, 3e15, 0), (0, 0, 0)),
        ((1.5, -2.5, 7.0), (2, 0, 0)),
        ((19.99, 0.07, 4.1), (3, 2, 0)),
        ((1 / 3, 2 / 113, -1e6 / 7), (3, 3, 3)),
        ((0.1 + 0.2, 100.1 - 100, 1.1 * 3), (3, 0, 0)),
        ((1e18 / 3, 1e60), (0, 0, 0)),
    ],
)
def test_values_have_more_decimals_than_so_many(
    values: tuple[float, ...], counts: tuple[int, ...]
) -> None:
    """Errors of sums are no decimals, and large doubles are all whole."""
    assert finer(*values) == counts


def test_singles_have_the_decimals_they_were_written_with() -> None:
    """Also once they are doubles: .1 is then .10000000149."""
    written = np.round(np.random.default_rng(1).uniform(0, 900, 5_000), 1)
    singles = np.sort(written.astype(np.float32).astype(np.float64))
    assert not np.array_equal(singles, np.sort(written))
    assert grain_of(singles).finer == grain_of(np.sort(written)).finer


def test_zero_has_no_grain() -> None:
    """It is whole whatever it was, and so is what sums leave of it."""
    assert grain_of(np.array([-1e-17, 0.0, 0.0, 2.5, 2.5, 4.0])) == Grain(
        asked=6,
        present=3,
        distinct=2,
        finer=(2, 0, 0),
        finer_middles=(2.5, 0.0, 0.0),
        coarser_middles=(4.0, 2.5, 2.5),
    )
    assert grain_of(np.zeros(3))[:3] == (3, 0, 0)


def test_of_many_values_some_are_looked_at_and_always_the_same() -> None:
    """Values in equal steps as well: no part of them is left out."""
    tenths = np.arange(1, 1_000_001) / 10
    grain = grain_of(tenths)
    assert grain == grain_of(tenths)
    assert grain.asked == grain.distinct == 50_000
    assert grain.finer[0] / grain.asked == pytest.approx(0.9, abs=0.01)
    assert grain.finer_middles[0] == pytest.approx(50_000, rel=0.01)
