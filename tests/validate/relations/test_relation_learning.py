"""Which relations of numbers are watched: what goes by the day is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring_tasks.validate.relations.relation_learning import share_by_day

DAYS, ROWS = 30, 200


@pytest.mark.parametrize("share", [0.0, 0.05, 0.3, 0.9])
def test_share_between_days_is_estimated(share: float) -> None:
    """Made of a part by day and a part by row: the shares come back."""
    random = np.random.default_rng(8)
    days = np.repeat(np.arange(DAYS), ROWS)
    by_day = random.normal(size=DAYS)
    by_day /= by_day.std()
    residual = np.sqrt(share) * by_day[days]
    residual = residual + np.sqrt(1 - share) * random.normal(size=len(days))
    assert share_by_day(residual, days, rounding=1e-9) == pytest.approx(share, abs=0.03)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.floats(-1e6, 1e6)), min_size=2, max_size=60
    )
)
def test_share_is_a_share_whatever_the_rows(rows: list[tuple[int, float]]) -> None:
    """Days of one row, days without any, rows all alike."""
    days = np.array([day for day, _ in rows])
    residual = np.array([value for _, value in rows])
    assert 0 <= share_by_day(residual, days, rounding=1e-6) <= 1
