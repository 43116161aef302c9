"""Objects of Python as columns."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from monitoring_tasks.extract.query_rows import column_of

NOON = datetime(2024, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (UTC, "UTC"),
        (ZoneInfo("Asia/Kolkata"), "Asia/Kolkata"),
        (timezone(timedelta(hours=-3)), "-03:00"),
    ],
)
def test_instants_keep_their_zone_and_stay_the_same_instants(
    zone: ZoneInfo, name: str
) -> None:
    """Whatever their clock shows."""
    column = column_of((None, NOON.astimezone(zone)))
    assert column.type == pa.timestamp("us", tz=name)
    assert column.cast(pa.int64()).to_pylist() == [None, 1_709_294_400_123_456]


def test_instants_without_an_offset_are_as_they_are() -> None:
    """Of some with and some without nothing but their texts is told."""
    naive = NOON.replace(tzinfo=None)
    assert column_of((naive, None)).type == pa.timestamp("us")
    assert column_of((None, None)).type == pa.null()
