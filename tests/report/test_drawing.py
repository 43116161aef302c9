from datetime import date, timedelta
from typing import Any

import pytest

from monitoring_tasks.report.drawing import MOST_TICKS, time_axis
from monitoring_tasks.report.series import stamp


@pytest.mark.parametrize("days", [1, 7, 60])
def test_time_axis_is_utc_and_ends_with_the_last_day(days: int) -> None:
    """A day is the same place on every machine; the newest day has a tick."""
    first = date(2013, 7, 1)
    stamps = [stamp(first + timedelta(days=i)) for i in range(days)]
    axis: Any = time_axis([{"day": one} for one in stamps], labelled=True).to_dict()
    assert axis["scale"]["type"] == "utc"
    assert axis["axis"]["values"][-1] == stamps[-1]
    assert len(axis["axis"]["values"]) <= MOST_TICKS
    assert axis["scale"]["domain"][0] < stamps[0]
