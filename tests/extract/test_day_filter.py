"""Rows that are delivered with a day and are of another one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from monitoring_tasks.errors import NoDataError
from monitoring_tasks.extract.sources import read_day
from tests.builders import DAY, make_request, make_rows
from tests.extract.test_sources import files, written

NOON = datetime(2013, 9, 2, 12, tzinfo=UTC)


def test_rows_of_other_days_are_left_out_and_said(tmp_path: Path) -> None:
    """What was there the day before is not counted again under today's name."""
    at = [NOON - timedelta(days=3), NOON, NOON - timedelta(days=2)]
    written(tmp_path, make_rows(at=at))
    rows = read_day(make_request(files(), tmp_path, timestamp="at"))
    assert rows.table["id"].to_pylist() == ["b"]
    assert rows.other_days is not None
    assert (rows.other_days.rows, rows.other_days.delivered) == (2, 3)
    said = f"2 of 3 rows are of 2013-08-30 to 2013-08-31 by 'at', not of {DAY}"
    assert rows.other_days.text.startswith(said)


@pytest.mark.parametrize("year", [1, 1970, 2012, 9999])
def test_batch_of_another_day_is_no_data(tmp_path: Path, year: int) -> None:
    """No row is of the day, and the error says of which day they are."""
    at = pa.array([NOON.replace(year=year)] * 3, pa.timestamp("us", "UTC"))
    written(tmp_path, make_rows(at=at))
    with pytest.raises(NoDataError, match=f"3 of 3 rows are of 0*{year}-09-02") as told:
        read_day(make_request(files(), tmp_path, timestamp="at"))
    assert "timezone" not in str(told.value)


def test_rows_of_the_neighbouring_day_point_to_the_clock(tmp_path: Path) -> None:
    """A source that cuts its days by another clock is the likely cause."""
    written(tmp_path, make_rows())
    request = make_request(files(), tmp_path, timestamp="at", timezone="Asia/Tokyo")
    rows = read_day(request)
    assert rows.other_days is not None
    assert "set `timezone`" in rows.other_days.text


def test_rows_about_later_days_count_where_the_contract_says_so(tmp_path: Path) -> None:
    """A forecast is about tomorrow and was made today."""
    written(tmp_path, make_rows(at=[NOON + timedelta(days=1)] * 3))
    request = make_request(files(), tmp_path, timestamp="at", days_after=1)
    rows = read_day(request)
    assert (rows.table.num_rows, rows.other_days) == (3, None)


def test_rows_without_an_instant_are_left_to_the_gates(tmp_path: Path) -> None:
    """Nobody knows of which day they are; they are not dropped in silence."""
    written(tmp_path, make_rows(at=[NOON, None, NOON]))
    rows = read_day(make_request(files(), tmp_path, timestamp="at"))
    assert (rows.table.num_rows, rows.other_days) == (3, None)
