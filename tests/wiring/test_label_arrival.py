from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks.domain.evaluations import Unit
from monitoring_tasks.wiring.label_arrival import measure_labels
from monitoring_tasks.wiring.workspace import Workspace, open_workspace
from tests.store.label_days import FIRST, LabelDay, unit_at
from tests.wiring.days import write_workspace

TODAY = FIRST + timedelta(days=10)


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Workspace]:
    """A model that looks back three days; the first day is excluded."""
    policy = {
        "look_back_days": 3,
        "excluded_days": [FIRST.isoformat()],
        "labels": {"window_days": 10, "min_days": 2},
    }
    with open_workspace(write_workspace(tmp_path / "home", policy=policy)) as opened:
        yield opened


def measured(space: Workspace, unit: Unit) -> dict[str, tuple[float | None, str]]:
    """Measure a day's labels beside those of the ten days before."""
    numbers = measure_labels(space, unit, version="2")
    return {number.metric: (number.value, number.reason) for number in numbers}


def test_labels_are_held_against_those_of_earlier_days(space: Workspace) -> None:
    """60 labels at first and 80 two days later are usual; this day has 40."""
    for offset in range(10):
        day = FIRST + timedelta(days=offset)
        LabelDay(labelled=60).write(space.database, day)
        LabelDay(labelled=80, age=2).write(space.database, day)
    unit = LabelDay(labelled=40).write(space.database, TODAY)
    assert measured(space, unit) == {
        "label_coverage_shortfall": (pytest.approx(0.2), ""),
        "label_coverage_expected": (pytest.approx(0.7), ""),
        "label_overdue_days": (0.0, ""),
    }


def test_day_that_was_excluded_is_no_example(space: Workspace) -> None:
    """One other day is left, and two are asked for."""
    for offset in range(2):
        LabelDay().write(space.database, FIRST + timedelta(days=offset))
    unit = LabelDay(labelled=40).write(space.database, TODAY)
    value, reason = measured(space, unit)["label_coverage_shortfall"]
    assert (value, reason) == (None, "1 days seen at age 0 are fewer than 2")


def test_day_that_was_not_counted_has_no_numbers(space: Workspace) -> None:
    """A quarantined day says nothing about labels."""
    LabelDay().write(space.database, FIRST)
    assert measured(space, unit_at(TODAY)) == {}
