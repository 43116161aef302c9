"""Shares on the log odds, beside what was expected of them."""

from datetime import date

import pytest

from monitoring_tasks.statistics.day_levels import log_odds, share_level, share_of

FIRST = date(2024, 1, 1)


def test_share_of_nothing_is_as_far_off_as_its_rows_can_tell() -> None:
    """Half a row on either side: log odds without end would hide every fault."""
    few, many = (share_level(FIRST, 0.0, n, usual=0.2) for n in (10, 1000))
    assert many.value < few.value < log_odds(0.2)
    assert share_of(log_odds(0.2)) == pytest.approx(0.2)
    as_expected = share_level(FIRST, 0.2, 1000, usual=0.2, beside=0.2)
    assert as_expected.value == pytest.approx(as_expected.said, abs=0.01)
