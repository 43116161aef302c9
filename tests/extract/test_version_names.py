from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pyarrow as pa
import pytest

from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.extract.version_names import frame_with_versions, with_versions
from monitoring_tasks.store.versions import Version
from monitoring_tasks.workspace.version_names import (
    version_names_now,
    version_names_on,
)
from monitoring_tasks.workspace.workspace import Workspace
from tests.builders import COLUMNS, DAY, MODEL, make_contract, make_journal_line

NOON = datetime(2013, 9, 2, 12, tzinfo=UTC)
BEFORE, MORNING = NOON - timedelta(days=1), NOON + timedelta(days=1)
UNIT = Unit(model=MODEL, day=DAY, as_of=MORNING, mode=Mode.LIVE)
VERSIONS = [
    Version(model=MODEL, version="1", status="READY", run_id="a" * 32),
    Version(model=MODEL, version="2", status="READY", tags={"git": "9f2c1ab"}),
]


def make_workspace(
    *,
    mapped: dict[str, str] | None = None,
    stood: Sequence[tuple[datetime, str]] = (),
    now: datetime = MORNING,
) -> Workspace:
    """A workspace whose alias `champion` stands at 2 now; `stood` is the journal."""
    declared = {"column": "version", "map": mapped} if mapped else "version"
    contract = make_contract(columns=COLUMNS | {"model_version": declared})
    lines = [make_journal_line(at=at, to_version=v) for at, v in stood]
    made: Any = SimpleNamespace(
        contract=lambda _: contract,
        versions=lambda _: VERSIONS,
        registry=SimpleNamespace(aliases=lambda _: {"champion": "2"}),
        journal=SimpleNamespace(lines_in=lambda *_, **__: lines),
        clock=SimpleNamespace(now=lambda **_: now),
    )
    return cast("Workspace", made)


def numbered(workspace: Workspace, values: pa.Array) -> list[Any]:
    rows = pa.table({"version": values, "id": list(range(len(values)))})
    columns = workspace.contract(MODEL).columns
    named = with_versions(rows, columns, lambda: version_names_on(workspace, UNIT))
    column: list[Any] = named["version"].to_pylist()
    return column


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(pa.array(["1.0", None, "2.0"]), id="texts"),
        pytest.param(pa.array(["a" * 32, None, "9f2c1ab"]), id="run id and tag"),
        pytest.param(pa.array(["1.0", None, "2"]).dictionary_encode(), id="dictionary"),
    ],
)
def test_rows_are_given_the_registered_number(values: pa.Array) -> None:
    """However the scoring job wrote the version; nulls stay nulls."""
    assert numbered(make_workspace(), values) == ["1", None, "2"]


def test_plain_numbers_ask_no_registry_and_change_nothing() -> None:
    """The usual day costs nothing, and its partition keeps its digest."""
    workspace = make_workspace()
    workspace.registry = cast("Any", None)
    assert numbered(workspace, pa.array([1, 2])) == [1, 2]


def test_the_contract_says_what_a_value_means() -> None:
    """A map decides; what it does not name stays as it was delivered."""
    workspace = make_workspace(mapped={"v1": "1"})
    assert numbered(workspace, pa.array(["v1", "v2"])) == ["1", "v2"]


@pytest.mark.parametrize(
    ("stood", "now", "version"),
    [
        pytest.param([(BEFORE, "1")], MORNING, "1", id="as journalled"),
        pytest.param([(BEFORE, "1"), (NOON, "2")], MORNING, "champion", id="moved"),
        pytest.param([], MORNING, "2", id="never noted, the day is near"),
        pytest.param([], NOON + timedelta(days=40), "champion", id="long ago"),
        pytest.param([(MORNING, "2")], MORNING, "2", id="noted the day after"),
    ],
)
def test_an_alias_is_the_version_it_stood_at_on_that_day(
    stood: list[tuple[datetime, str]], now: datetime, version: str
) -> None:
    """Where it stands now says nothing about a day long past."""
    workspace = make_workspace(stood=stood, now=now)
    assert numbered(workspace, pa.array(["champion"])) == [version]


def test_reference_rows_are_read_the_same_way() -> None:
    """Rows of a reference may carry the names a day's rows carry."""
    rows = pd.DataFrame({"version": ["v1", "champion", None, "2.0"]})
    workspace = make_workspace(mapped={"v1": "1"})
    named = frame_with_versions(
        rows,
        workspace.contract(MODEL).columns,
        lambda: version_names_now(workspace, MODEL),
    )
    assert named["version"].fillna("").tolist() == ["1", "2", "", "2"]
    assert rows["version"][0] == "v1"
