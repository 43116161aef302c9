"""The same day again, in any order, ends in the same tables and files."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.schema import FindingRow
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
FIRST, LAST = world.HISTORY[0], world.HISTORY[0] + timedelta(days=3)
DAYS = list(days_between(FIRST, LAST))


def test_day_run_twice_gives_the_same_tables_and_files(home: Path) -> None:
    """Nothing is added, nothing changes, report included."""

    def run_and_report() -> None:
        (row,) = worlds.run(home, FIRST)
        daily.learn(row.key)

    run_and_report()
    tables, files = worlds.dump(home), worlds.files(home)
    run_and_report()
    assert worlds.dump(home) == tables
    assert worlds.files(home) == files
    assert sum(name.startswith("partitions/") for name in files) == 4


def test_backfill_equals_single_days(home: Path) -> None:
    """Counted together or one by one: the same tables and files."""
    untouched = (home / "daywatch.db").read_bytes()
    with open_workspace(home) as workspace:
        backfill(world.MODEL, FIRST.isoformat(), LAST.isoformat(), workspace=workspace)
    together, files = worlds.dump(home), worlds.files(home)
    for path in home.glob("daywatch.db*"):
        path.unlink()
    (home / "daywatch.db").write_bytes(untouched)
    worlds.run(home, *DAYS, mode=Mode.BACKFILL)
    assert worlds.dump(home) == together
    assert worlds.files(home) == files


@pytest.mark.slow
def test_days_judged_backwards_give_the_same_numbers(home: Path) -> None:
    """What is measured and thought of a day alone does not depend on the order.

    What days say together does: numbers over several days, losses added up, how
    labels arrive, and how long a breach has lasted are taken from the days already
    judged.
    """
    untouched = (home / "daywatch.db").read_bytes()
    worlds.run(home, *reversed(DAYS), mode=Mode.BACKFILL)
    backwards = alone(worlds.dump(home, but=("evaluations",)))
    for path in home.glob("daywatch.db*"):
        path.unlink()
    (home / "daywatch.db").write_bytes(untouched)
    rows = worlds.run(home, *DAYS, mode=Mode.BACKFILL)
    assert alone(worlds.dump(home, but=("evaluations",))) == backwards
    assert {row.verdict for row in rows} == {"ok"}


def alone(tables: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Leave out the findings that rest on several days, how labels arrive included."""
    names = [column.name for column in table_of(FindingRow).columns]
    kind, horizon = names.index("kind"), names.index("horizon")
    kept = [
        row
        for row in tables["findings"]
        if row[horizon] == 1 and row[kind] not in {Kind.SEQUENCE, Kind.LABELS}
    ]
    assert kept
    return tables | {"findings": kept}


def test_bad_days_run_again_in_any_order_change_nothing(home: Path) -> None:
    """Older bad days that are run again add no event and no incident."""
    for day in DAYS[:3]:
        world.write(home, "predictions", day, world.make_rows(day)[["id", "at"]])
    worlds.run(home, *DAYS)
    before = worlds.dump(home)
    worlds.run(home, DAYS[2], DAYS[0], DAYS[1], DAYS[3])
    assert worlds.dump(home) == before
    assert len(worlds.incidents_in(before)) == 1


def test_bad_day_run_again_after_it_was_resolved_opens_nothing(home: Path) -> None:
    """A day that belongs to a closed incident never opens a second one."""
    days = list(days_between(FIRST, LAST))
    for day in days[:2]:
        world.write(home, "predictions", day, world.make_rows(day)[["id", "at"]])
    worlds.run(home, *days)
    with open_workspace(home) as workspace:
        assert not workspace.incidents.find()[0].is_active
    before = worlds.dump(home)
    worlds.run(home, days[1], days[0])
    assert worlds.dump(home) == before
