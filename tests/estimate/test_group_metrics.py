"""What a group's numbers are drawn as, against theory."""

import numpy as np
import pytest

from monitoring_tasks.estimate.group_metrics import Share, Surplus

REPLICATES = 40_000
"""So many that a quantile of theirs is known to one percent."""


@pytest.mark.parametrize("hits", [0, 30], ids=["none of 30", "all of 30"])
def test_a_sure_share_is_drawn_with_doubt(hits: int) -> None:
    """Thirty of thirty are not taken for a hundred percent."""
    share = Share(hits=hits, rows=30)
    drawn = share.draws(1000, np.random.default_rng(1))
    assert drawn.std() == pytest.approx(np.sqrt(31) / 32 / np.sqrt(32), rel=0.1)


def test_a_share_is_drawn_around_its_centre() -> None:
    """Agresti and Caffo's: one hit and one miss more."""
    drawn = Share(hits=40, rows=98).draws(REPLICATES, np.random.default_rng(1))
    assert drawn.mean() == pytest.approx(0.41, abs=0.001)
    assert drawn.std() == pytest.approx(np.sqrt(0.41 * 0.59 / 100), rel=0.02)


def test_a_surplus_is_drawn_with_its_error() -> None:
    """The mean of many rows is as good as normal."""
    surplus = Surplus(value=0.02, error=0.01, rows=500)
    drawn = surplus.draws(REPLICATES, np.random.default_rng(1))
    assert (drawn.mean(), drawn.std()) == pytest.approx((0.02, 0.01), rel=0.02)
    assert surplus.interval(0.95) == pytest.approx((0.0004, 0.0396), abs=1e-4)
