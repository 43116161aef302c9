"""What a first look is made of: the days a source has, and the rows of its version."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring_tasks.extract import samples
from monitoring_tasks.wiring.onboarding.first_reference import delivered_days
from monitoring_tasks.wiring.workspace import open_workspace
from tests.builders import MODEL
from tests.wiring.days import write_workspace

FIRST = date(2024, 3, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(3)]


def test_days_are_all_that_the_source_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many rows a day has, and if one row has no instant."""
    monkeypatch.setattr(samples, "MOST_ROWS", 2)
    at = [datetime.combine(day, time(9), UTC) for day in DAYS for _ in range(4)]
    source = {"kind": "files", "path": "scores.parquet"}
    home = write_workspace(
        tmp_path / "home", sources={"predictions": source, "labels": source}
    )
    pq.write_table(pa.table({"at": [*at, None]}), home / "scores.parquet")
    with open_workspace(home) as space:
        assert delivered_days(space, MODEL) == DAYS
