"""Days unlike the reference of the version that scored them, without any suite."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.extract.step import extract_day
from monitoring_tasks.validate.step import validate_again, validate_day
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAYS = [world.HISTORY[0] + timedelta(days=n) for n in range(5)]
BEFORE, TODAY = DAYS[:4], DAYS[4]


def cents(rows: pd.DataFrame) -> pd.DataFrame:
    """Return amounts in another unit."""
    return rows.assign(amount=rows["amount"] * 2.2)


def flooded(rows: pd.DataFrame) -> pd.DataFrame:
    """Lose every second amount."""
    return rows.assign(amount=rows["amount"].mask(rows.index % 2 == 0))


def failed(workspace: Workspace, day: date) -> list[tuple[str, str, str]]:
    """Return what the gate found on a day: name, column, severity."""
    return [
        (check.name, check.column, check.severity)
        for check in gate(workspace, day)
        if check.status == "failed"
    ]


def gate(workspace: Workspace, day: date) -> list[Check]:
    """Return the checks of the gate on a day."""
    checks = workspace.results.checks(world.unit_of(workspace, day)).checks
    return [check for check in checks if check.gate == "reference"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        pytest.param(cents, "values_keep_their_unit", id="unit"),
        pytest.param(flooded, "no_more_nulls_than_usual", id="nulls"),
    ],
)
def test_damaged_day_is_quarantined_and_moves_no_alias(
    home: Path, change: world.Change, name: str
) -> None:
    """The fault is the data's on its first day, whatever the scores look like."""
    world.write_day(home, TODAY, change=change)
    *healthy, row = worlds.run(home, *BEFORE, TODAY)
    assert [past.data_verdict for past in healthy] == ["ok"] * len(BEFORE)
    assert (row.data_verdict, row.cause) == ("breach", "data")
    assert row.severity == "P2"
    assert row.action.kind == "incident"
    assert worlds.alias(home) == "2"
    with open_workspace(home) as workspace:
        assert failed(workspace, TODAY) == [(name, "amount", "critical")]


@pytest.mark.slow
def test_second_damaged_day_is_damaged_too(home: Path) -> None:
    """A quarantined day is no witness that the world changed."""
    tomorrow = TODAY + timedelta(days=1)
    for day in (TODAY, tomorrow):
        world.write_day(home, day, change=cents)
    rows = worlds.run(home, *BEFORE, TODAY, tomorrow)
    assert [row.data_verdict for row in rows[-2:]] == ["breach", "breach"]


@pytest.mark.slow
def test_reference_that_is_unlike_all_that_is_served_breaks_no_day(home: Path) -> None:
    """Days that look like the days before them did not break; the level is noted."""
    for day in (*BEFORE, TODAY):
        world.write_day(home, day, change=cents)
    with open_workspace(home) as workspace:
        contract = workspace.contract(world.MODEL)
        quiet = contract.policy.reference_gate.model_copy(update={"when": "never"})
    world.amend(home, "policy", reference_gate=quiet.model_dump())
    worlds.run(home, *BEFORE)
    world.amend(home, "policy", reference_gate={})
    (row,) = worlds.run(home, TODAY)
    assert row.data_verdict == "ok"
    with open_workspace(home) as workspace:
        assert gate(workspace, BEFORE[0]) == []
        assert failed(workspace, TODAY) == [
            ("values_keep_their_unit", "amount", "info")
        ]


def test_order_of_validating_does_not_matter(home: Path) -> None:
    """Validated out of order and asked again in order, days say the same."""
    for day in (TODAY, BEFORE[3]):
        world.write_day(home, day, change=cents)
    with open_workspace(world.copy(home, home.parent / "other")) as workspace:
        units = [world.unit_of(workspace, day) for day in DAYS]
        for unit in reversed(units):
            day = Day(workspace, unit)
            extract_day(day)
            validate_day(day, in_order=False)
        for unit in units:
            validate_again(Day(workspace, unit))
        late = [workspace.results.checks(unit) for unit in units]
    with open_workspace(home) as workspace:
        for unit in units:
            day = Day(workspace, unit)
            extract_day(day)
            validate_day(day)
        assert [workspace.results.checks(unit) for unit in units] == late


def test_reference_without_a_baseline_is_never_ok(home: Path) -> None:
    """A gate that could not be asked warns, and says why and what to do."""
    with open_workspace(home) as workspace:
        reference = workspace.reference(world.MODEL, "2")
        assert reference is not None
        old = replace(reference, baseline=None)
        workspace.references._profiles[world.MODEL, "2"] = old
        unit = world.unit_of(workspace, TODAY)
        day = Day(workspace, unit)
        extract_day(day)
        validate_day(day)
        (check,) = gate(workspace, TODAY)
        row = workspace.results.evaluation(unit)
    assert check.status == "skipped"
    assert "fewer than two of its days hold policy.min_rows (100)" in check.observed
    assert row.data_verdict == "warn"
    assert "gate reference was not checked: the reference has no" in row.data_reason


def test_version_without_a_reference_skips_the_gate(home: Path) -> None:
    """Rows of a version without a reference are not judged by another one's."""
    world.write_day(home, TODAY, change=lambda rows: rows.assign(model_version="9"))
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, TODAY)
        day = Day(workspace, unit)
        extract_day(day)
        validate_day(day)
        (check,) = gate(workspace, TODAY)
    assert (check.status, check.observed) == (
        "skipped",
        "version '9' has no reference; `daywatch reference` logs one",
    )
