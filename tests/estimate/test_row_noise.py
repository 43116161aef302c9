"""The spread of row-level estimates between days."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.estimate.row_noise import row_noise
from tests.estimate.count_by_hand import make_contract

CONTRACT = make_contract(continuous=["x", "y", "z"])


def make_days(spreads: list[float]) -> tuple[pd.DataFrame, list[date]]:
    """Rows of days whose columns are spread more or less widely."""
    generator = np.random.default_rng(4)
    frames = [
        pd.DataFrame(generator.normal(0, spread, (500, 3)), columns=["x", "y", "z"])
        for spread in spreads
    ]
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(len(spreads))]
    return pd.concat(frames, ignore_index=True), [d for d in days for _ in range(500)]


@pytest.mark.usefixtures("nannyml")
def test_row_noise_is_the_spread_between_days_beyond_sampling() -> None:
    """Days drawn alike have hardly any; days of differing width have theirs."""
    alike = row_noise(*make_days([1.0] * 10), CONTRACT, "1")
    moving = row_noise(*make_days([1.0, 1.0, 2.0, 2.0] * 3), CONTRACT, "1")
    key = "drift/reconstruction_error//all"
    assert alike[key].days == 10
    assert alike[key].spread < 0.05 * alike[key].mean
    assert moving[key].spread == pytest.approx(moving[key].mean / 3, rel=0.15)


def test_three_days_teach_no_row_noise() -> None:
    """There is nothing to fit on and measure both ways."""
    assert row_noise(*make_days([1.0] * 3), CONTRACT, "1") == {}
