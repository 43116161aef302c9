"""Parts of a day: references of other versions, which stop no day."""

import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from monitoring_tasks.domain.version_tags import REFERENCE_TAG
from monitoring_tasks.errors import DataError, MonitoringError, RegistryError
from monitoring_tasks.extract.step import extract_day
from monitoring_tasks.store.profiles import REFERENCE_FILE, REFERENCE_FORMAT
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
OTHER, SERVED = "1", "2"


def of_an_old_format(workspace: Workspace, scratch: Path) -> None:
    """Log a version's reference as an earlier Daywatch wrote it."""
    logged = workspace.registry.load_reference_folder(world.MODEL, OTHER)
    old = shutil.copytree(logged, scratch / "old")
    plain = json.loads((old / REFERENCE_FILE).read_text())
    (old / REFERENCE_FILE).write_text(
        json.dumps(plain | {"format": REFERENCE_FORMAT - 1})
    )
    workspace.registry.save_reference(world.MODEL, OTHER, old)


def of_other_files(workspace: Workspace, scratch: Path) -> None:
    """Let its files be others than those that were saved."""
    del scratch
    workspace.registry.tag_version(world.MODEL, OTHER, {REFERENCE_TAG: "0" * 64})


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        pytest.param(of_an_old_format, DataError, "is not known", id="an old format"),
        pytest.param(of_other_files, RegistryError, "changed", id="other files"),
    ],
)
def test_reference_of_another_version_that_cannot_be_read_stops_no_day(
    home: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[Workspace, Path], None],
    *,
    error: type[MonitoringError],
    says: str,
) -> None:
    """It is left out and named; of the version that serves it is an error."""
    with open_workspace(home) as workspace:
        spoil(workspace, tmp_path)
    with open_workspace(home) as workspace:
        day = Day(workspace, world.unit_of(workspace, world.HISTORY[0]))
        with caplog.at_level(logging.WARNING):
            readable = day.readable_references([OTHER, SERVED])
        with pytest.raises(error, match=says):
            day.references([OTHER, SERVED])
    assert list(readable) == [SERVED]
    (said,) = (
        record.getMessage()
        for record in caplog.records
        if record.name == "monitoring_tasks.workspace.day_parts"
    )
    assert said.startswith(f"version {OTHER} is not compared with: ")
    assert says in said


def test_rows_are_the_same_whether_just_frozen_or_read_back(home: Path) -> None:
    """Texts that repeat are codes either way; ids of both sides are kept once."""
    with open_workspace(home) as workspace:
        day = Day(workspace, world.unit_of(workspace, world.HISTORY[0]))
        extract_day(day)
        later = Day(workspace, day.unit)
        names = day.contract.columns
        assert pa.types.is_dictionary(day.rows[names.model_version].type)
        assert later.rows.equals(day.rows)
        assert day.labels is not None
        assert later.labels is not None
        assert later.labels.equals(day.labels)
        ids = [table[names.id].chunk(0) for table in (day.rows, day.labels)]
    first, second = (array.buffers()[-1].address for array in ids)
    assert first == second
