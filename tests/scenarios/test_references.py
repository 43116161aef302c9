"""Making a reference from rows that are not, or not only, those of the version."""

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from monitoring_tasks.errors import DataError
from monitoring_tasks.operations.reference_building import rows_of
from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
FIRST, TRAINED = world.REFERENCE[0], world.TRAINED[1]
DAYS = [FIRST + timedelta(days=number) for number in range(8)]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with a contract and nothing registered."""
    world.write_contract(tmp_path, world.CONTRACT)
    return open_workspace(tmp_path)


def scored(version: str) -> pd.DataFrame:
    """Labelled predictions of a version on eight days."""
    rows = pd.concat([world.make_rows(day, 50) for day in DAYS], ignore_index=True)
    return world._score(rows, version)


def test_rows_of_other_versions_alone_are_refused(workspace: Workspace) -> None:
    """The error names the version, what the rows hold instead, and what to do."""
    rows = pd.concat([scored("1"), scored("3").head(1)])
    said = (
        r"none of the 401 reference rows is of version 2: 'model_version' holds 1, 3; "
        "log the rows that version 2 scored"
    )
    with pytest.raises(DataError, match=said):
        log_reference(workspace, world.MODEL, "2", rows, trained_until=TRAINED)


@pytest.mark.parametrize("kind", ["str", "int64", "float64"])
def test_rows_of_other_versions_are_left_out(workspace: Workspace, kind: str) -> None:
    """Nothing is learnt from another version, number or text."""
    rows = pd.concat([scored("3"), scored("2")], ignore_index=True)
    rows = rows.astype({"model_version": kind})
    mine = rows_of(rows, workspace.contract(world.MODEL), "2")
    expected = rows.loc[400:, mine.columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, expected)
