from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks.domain.label_coverage import LabelRound
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.estimate.label_timeliness import measure_labels
from monitoring_tasks.store.label_rounds import label_rounds, save_label_round
from monitoring_tasks.workspace.label_histories import load_label_histories
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.operations.days import write_workspace
from tests.store.label_days import FIRST, LabelDay, unit_at

TODAY = FIRST + timedelta(days=10)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A model that looks back three days; the first day is excluded."""
    policy = {
        "look_back_days": 3,
        "excluded_days": [FIRST.isoformat()],
        "labels": {"window_days": 10, "min_days": 2},
    }
    with open_workspace(write_workspace(tmp_path / "home", policy=policy)) as opened:
        yield opened


def measured(workspace: Workspace, unit: Unit) -> dict[str, tuple[float | None, str]]:
    """Measure a day's labels beside those of the ten days before."""
    histories, policy = (
        load_label_histories(workspace, unit),
        workspace.contract(unit.model).policy,
    )
    numbers = measure_labels(histories, unit.day, policy, version="2")
    return {number.metric: (number.value, number.reason) for number in numbers}


def test_labels_are_held_against_those_of_earlier_days(workspace: Workspace) -> None:
    """60 labels at first and 80 two days later are usual; this day has 40."""
    for offset in range(10):
        day = FIRST + timedelta(days=offset)
        LabelDay(labelled=60).write(workspace.database, day)
        LabelDay(labelled=80, age=2).write(workspace.database, day)
    unit = LabelDay(labelled=40).write(workspace.database, TODAY)
    assert measured(workspace, unit) == {
        "label_coverage_shortfall": (pytest.approx(0.2), ""),
        "label_coverage_expected": (pytest.approx(0.7), ""),
        "label_overdue_days": (0.0, ""),
    }


def test_backfilled_days_say_nothing_of_what_is_usual_at_an_age(
    workspace: Workspace,
) -> None:
    """They found all labels at once, and the source does not say when those came."""
    for offset in range(2, 10):
        LabelDay(labelled=100, mode=Mode.BACKFILL).write(
            workspace.database, FIRST + timedelta(days=offset)
        )
    unit = LabelDay(labelled=0).write(workspace.database, TODAY)
    found = measured(workspace, unit)
    assert {value for value, _ in found.values()} == {None}


def test_round_without_news_tells_that_labels_stay_away(workspace: Workspace) -> None:
    """60 at first, 80 two days later; by now two days are asked again in vain."""
    for offset in range(1, 8):
        day = FIRST + timedelta(days=offset)
        LabelDay(labelled=0).write(workspace.database, day)
        LabelDay(labelled=80, age=2).write(workspace.database, day)
    for offset in (8, 9):
        LabelDay(labelled=0).write(workspace.database, FIRST + timedelta(days=offset))
    unit = LabelDay(labelled=0, hour=7).write(workspace.database, TODAY)
    assert measured(workspace, unit)["label_overdue_days"][0] == 0.0
    asked = LabelRound(known_at=unit.as_of - timedelta(hours=1), look_back_days=3)
    for _ in range(2):
        save_label_round(workspace.database, unit.model, asked)
    assert label_rounds(workspace.database, unit) == [asked]
    assert measured(workspace, unit)["label_overdue_days"][0] == 1.0
    at_once = replace(unit, as_of=asked.known_at)
    assert label_rounds(workspace.database, at_once) == []


def test_stated_delay_tells_when_labels_are_overdue(tmp_path: Path) -> None:
    """At once and two days for the round; no usual day is known, and none is needed."""
    policy = {"look_back_days": 4, "labels": {"window_days": 2, "delay_days": 0}}
    home = write_workspace(tmp_path / "home", policy=policy)
    with open_workspace(home) as workspace:
        for offset in range(4, 10):
            day = FIRST + timedelta(days=offset)
            LabelDay(labelled=80 if offset == 4 else 0).write(workspace.database, day)
        unit = LabelDay(labelled=0, hour=7).write(workspace.database, TODAY)
        assert measured(workspace, unit)["label_overdue_days"][0] == 0.0
        asked = LabelRound(known_at=unit.as_of - timedelta(hours=1), look_back_days=9)
        save_label_round(workspace.database, unit.model, asked)
        assert measured(workspace, unit)["label_overdue_days"][0] == 4.0


def test_day_that_was_excluded_is_no_example(workspace: Workspace) -> None:
    """One other day is left, and two are asked for."""
    for offset in range(2):
        LabelDay().write(workspace.database, FIRST + timedelta(days=offset))
    unit = LabelDay(labelled=40).write(workspace.database, TODAY)
    value, reason = measured(workspace, unit)["label_coverage_shortfall"]
    assert (value, reason) == (None, "1 days known at age 0 are fewer than 2")


def test_day_that_was_not_counted_has_no_numbers(workspace: Workspace) -> None:
    """A quarantined day says nothing about labels."""
    LabelDay().write(workspace.database, FIRST)
    assert measured(workspace, unit_at(TODAY)) == {}
