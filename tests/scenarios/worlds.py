"""Worlds that take long to make: made once a session, copied for every test."""

import json
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from monitoring_tasks import daily
from monitoring_tasks.compare.step import compare_day
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.journal import SEEN
from monitoring_tasks.domain.reconstruction import Reconstruction
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.estimate.step import estimate_day
from monitoring_tasks.extract.step import extract_day
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.store.artifacts import ARTIFACT
from monitoring_tasks.store.reconstructions import read_reconstruction
from monitoring_tasks.store.schema import METADATA
from monitoring_tasks.validate.step import validate_day
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world
from tests.scenarios.stores import copy_store
from tests.templates import template

QUIET = [
    # MLflow's own tables use a loader strategy that SQLAlchemy 2.1 deprecates.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    # MLflow warns about type hints of its own classes while it is imported.
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType"),
    # pyarrow and MLflow use what pandas 3 warns will go in pandas 4.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
WORKSPACE = re.compile(r"/\S*?(?=/(?:partitions|predictions|labels)/)")
"""The path of a workspace, this one or the one it was copied from."""
PACK = re.compile(r"(root-cause pack |evidence/[^/]+/)[0-9a-f]{64}")
COUNTED = {"fence", "previous", "digest"}
"""Columns that count the processes that took part, or hang on such a count."""
FIRST_BAD, CONFIRMED = world.RELEASE, world.RELEASE + timedelta(days=1)


@cache
def base() -> Path:
    """Three registered versions and eight days that nobody has looked at yet."""
    return template("base", world.build)


@cache
def breached() -> Path:
    """Version 3 was released: one bad day is judged, the second is decided.

    The second day's response is still to come. The other modes have looked at it.
    """
    return template("breached", lambda home: release(world.copy(base(), home)))


def breached_in(store_url: str, home: Path) -> Path:
    """Return the same story in a workspace whose store lies elsewhere."""
    world.write_settings(world.copy(base(), home), store_url)
    # What was registered is on record there as well.
    copy_store(f"sqlite:///{home / 'daywatch.db'}", store_url)
    for path in home.glob("daywatch.db*"):
        path.unlink()
    release(home)
    return home


def release(home: Path) -> None:
    """Release version 3 after the healthy days and judge what comes of it."""
    for day in (FIRST_BAD, CONFIRMED):
        world.write_day(home, day, version="3")
    first, last = (day.isoformat() for day in world.HISTORY)
    with open_workspace(home) as workspace:
        backfill(world.MODEL, first, last, workspace=workspace)
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "3")
        daily.run_day(workspace, world.unit_of(workspace, FIRST_BAD))
        for mode in (Mode.BACKFILL, Mode.DRY_RUN, Mode.REPLAY):
            daily.run_day(workspace, world.unit_of(workspace, CONFIRMED, mode))
        unit = world.unit_of(workspace, CONFIRMED)
        judge(workspace, unit)
        # On a machine too busy to score in time no version is proven better.
        assert workspace.results.evaluation(unit).rollback_to == "2"


def judge(workspace: Workspace, unit: Unit) -> None:
    """Take the steps up to `decide`."""
    day = Day(workspace, unit)
    extract_day(day)
    validate_day(day)
    estimate_day(day)
    compare_day(day)
    daily.decide_counted_day(day)


def run(home: Path, *days: Any, mode: Mode = Mode.LIVE) -> list[Evaluation]:  # noqa: ANN401 (dates)
    """Judge days one by one; return their evaluations."""
    with open_workspace(home) as workspace:
        return [
            daily.run_day(workspace, world.unit_of(workspace, d, mode)) for d in days
        ]


def log_again(home: Path) -> Reconstruction | None:
    """Log the reference of version 2 as the contract is now; return what rebuilds."""
    days = [
        world._score(world.make_rows(d), "2") for d in days_between(*world.REFERENCE)
    ]
    with open_workspace(home) as workspace:
        log_reference(
            workspace,
            world.MODEL,
            "2",
            pd.concat(days, ignore_index=True),
            trained_until=world.TRAINED[1],
            replace_logged=True,
        )
    with open_workspace(home) as workspace:
        folder = workspace.registry.load_reference_folder(world.MODEL, "2")
    return read_reconstruction(folder)


def confirmed_key(home: Path) -> str:
    """Return the key of the second bad day."""
    with open_workspace(home) as workspace:
        return world.unit_of(workspace, CONFIRMED).key


def alias(home: Path) -> str | None:
    """Say where the alias stands."""
    with open_workspace(home) as workspace:
        return workspace.registry.alias_version(world.MODEL, world.ALIAS)


def journal(home: Path) -> list[str]:
    """List the steps of alias moves; the first look at the alias is none."""
    with open_workspace(home) as workspace:
        lines = workspace.journal.lines(world.MODEL)
    return [line.state for line in lines if line.state not in {ARTIFACT, SEEN}]


def dump(home: Path, *, but: tuple[str, ...] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, as read; the path of a workspace is `~`.

    What is in the store, not how: SQLite and Postgres give the same for the same, and
    so do one process and several that took over from each other.
    """
    out = {*but, "fences"}
    tables = [t for name, t in METADATA.tables.items() if name not in out]
    with (
        open_workspace(home) as workspace,
        workspace.database.transaction() as connection,
    ):
        found = {
            t.name: connection.execute(
                sa.select(*(c for c in t.c if c.name not in COUNTED))
            ).all()
            for t in tables
        }
    return {
        name: sorted((_plain(row) for row in rows), key=repr)
        for name, rows in found.items()
    }


def incidents_in(dumped: dict[str, list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    """Return the rows of incidents of a dump, without bad days that were candidates."""
    return [row for row in dumped["incidents"] if "-candidate-" not in str(row[0])]


def _plain(row: sa.Row[Any]) -> tuple[Any, ...]:
    cells = (json.dumps(c) if isinstance(c, dict | list) else c for c in row)
    return tuple(_without_places(c) if isinstance(c, str) else c for c in cells)


def _without_places(text: str) -> str:
    """Return a text without what hangs on where the workspace lies."""
    # A pack names the files it rests on, so its digest does.
    return PACK.sub(r"\1#", WORKSPACE.sub("~", text))


def files(home: Path) -> dict[str, bytes]:
    """Return every file of the frozen partitions and the reports."""
    found = [*home.glob("partitions/**/*"), *home.glob("reports/**/*")]
    return {
        path.relative_to(home).as_posix(): path.read_bytes().replace(
            str(home).encode(), b"~"
        )
        for path in found
        if path.is_file()
    }
