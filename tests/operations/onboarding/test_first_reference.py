"""What a first look is made of: the days a source has, and the rows of its version."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring_tasks.errors import ConfigurationError, NoDataError, UnreadableDataError
from monitoring_tasks.extract import samples
from monitoring_tasks.operations.onboarding import first_reference, live_checks
from monitoring_tasks.operations.onboarding.delivered import delivered_days
from monitoring_tasks.operations.onboarding.held_out_reference import log_held_out
from monitoring_tasks.operations.onboarding.live_lines import LiveLine
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL
from tests.operations.days import write_workspace

FIRST = date(2024, 3, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(3)]


def write_source(home: Path, rows: pa.Table, **parts: object) -> Path:
    """Write rows with their labels as one file, and the contract that names it."""
    source = {"kind": "files", "path": "scores.parquet", "day_column": "at"}
    sources = {"predictions": source, "labels": source}
    write_workspace(home, sources=sources, **parts)
    pq.write_table(rows, home / "scores.parquet")
    return home


def make_days(**columns: object) -> dict[str, object]:
    """Return four rows of each day, columns added or replaced."""
    at = [datetime.combine(day, time(9), UTC) for day in DAYS for _ in range(4)]
    ids = [f"r{number}" for number in range(len(at))]
    return {"id": ids, "at": at, "score": [0.5] * 12, "label": [0, 1] * 6} | columns


def test_days_are_all_that_the_source_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many rows a day has, and if one row has no instant."""
    monkeypatch.setattr(samples, "MOST_ROWS", 2)
    at = [datetime.combine(day, time(9), UTC) for day in DAYS for _ in range(4)]
    home = write_source(tmp_path / "home", pa.table({"at": [*at, None]}))
    with open_workspace(home) as workspace:
        assert delivered_days(workspace, MODEL) == DAYS


def test_row_without_a_version_takes_no_other_with_it(tmp_path: Path) -> None:
    """Whole numbers of which one lacks are still the versions they were."""
    rows = pa.table(make_days(version=[None, *[2] * 11], prediction=[0, 1] * 6))
    home = write_source(tmp_path / "home", rows, policy={"min_rows": 3})
    with open_workspace(home) as workspace:
        chosen = first_reference._labelled_days(
            workspace, MODEL, DAYS, version="2", wanted=9
        )
    assert {day: len(rows) for day, rows in chosen.items()} == {DAYS[0]: 3, DAYS[1]: 4}


def test_held_out_rows_of_no_version_are_refused_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the rows nor the alias tell which version scored them."""
    home = write_source(tmp_path / "home", pa.table(make_days()))
    monkeypatch.setattr(Registry, "alias_version", lambda *_: None)
    with (
        open_workspace(home) as workspace,
        pytest.raises(ConfigurationError, match="no alias 'champion'") as told,
    ):
        log_held_out(workspace, MODEL, home / "scores.parquet")
    assert f"`daywatch reference {MODEL} --version V --trained-until" in str(told.value)


def test_too_few_days_name_a_command_that_can_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every option it needs."""
    rows = pa.table(make_days(version=["2"] * 12, prediction=[0, 1] * 6))
    home = write_source(tmp_path / "home", rows)
    unknown = SimpleNamespace(reference_digest=None, trained_until=None)
    monkeypatch.setattr(Registry, "version", lambda *_: unknown)
    command = "daywatch reference flights --version 2 --trained-until DAY --rows FILE"
    with open_workspace(home) as workspace, pytest.raises(NoDataError, match=command):
        first_reference.make_reference(workspace, MODEL, DAYS)


def test_day_whose_labels_cannot_be_joined_is_passed_over(tmp_path: Path) -> None:
    """It is none of the reference's; the error is not the command's."""
    nested = [[value] for value in [0, 1] * 6]
    known = make_days(version=["2"] * 12, prediction=[0, 1] * 6, label=nested)
    home = write_source(tmp_path / "home", pa.table(known), policy={"min_rows": 3})
    with open_workspace(home) as workspace:
        chosen = first_reference._labelled_days(
            workspace, MODEL, DAYS, version="2", wanted=9
        )
    assert chosen == {}


@pytest.mark.parametrize(
    ("error", "is_said"),
    [
        pytest.param(pa.ArrowNotImplementedError("no kernel"), True, id="of the rows"),
        pytest.param(LookupError("no such place"), True, id="of a look-up"),
        pytest.param(PermissionError("not yours"), False, id="of the machine"),
    ],
)
def test_error_of_one_look_is_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, error: Exception, is_said: bool
) -> None:
    """The other looks are taken all the same; what is no row's fault is raised."""

    def fail(_: object) -> Iterator[LiveLine]:
        raise error

    for name in ("_registry", "_predictions", "_labels"):
        monkeypatch.setattr(live_checks._Live, name, fail)
    home = write_source(tmp_path / "home", pa.table(make_days()))
    with open_workspace(home) as workspace:
        if not is_said:
            with pytest.raises(type(error)):
                live_checks.check_live(workspace, MODEL)
            return
        lines = live_checks.check_live(workspace, MODEL)
    assert [line.about for line in lines] == ["registry", "predictions", "labels"]
    assert f"{type(error).__name__}: " in lines[0].text
    assert {line.status for line in lines} == {"fault"}


@pytest.mark.parametrize(
    ("versions", "serves"),
    [([None] * 11 + [2], "2"), ([None] * 12, None), (None, None)],
)
def test_version_that_serves_is_one_that_rows_name(
    tmp_path: Path, versions: list[int | None] | None, serves: str | None
) -> None:
    """Rows that name none do not outvote it; without any the error says so."""
    named = {} if versions is None else {"version": versions}
    known = make_days(prediction=[0, 1] * 6) | named
    home = write_source(tmp_path / "home", pa.table(known))
    with open_workspace(home) as workspace:
        if serves:
            assert first_reference._serving(workspace, MODEL, DAYS[-1]) == serves
            return
        with pytest.raises(UnreadableDataError, match="4 rows of 2024-03-03 name no"):
            first_reference._serving(workspace, MODEL, DAYS[-1])
