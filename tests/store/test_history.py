from datetime import date, timedelta

import pytest

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.history import (
    dated_numbers,
    label_coverages,
    promised_numbers,
)
from monitoring_tasks.store.profiles import Profiles
from tests.builders import make_profile
from tests.store.label_days import FIRST, LabelDay, unit_at

LAST = FIRST + timedelta(days=9)


def realized(
    database: Database, unit: Unit | None = None, *, days: int = 9
) -> dict[date, float | None]:
    """Give the realized number of each day, as known when the last one was due."""
    numbers = dated_numbers(
        database,
        unit or unit_at(LAST),
        days=days,
        kinds=(Kind.REALIZED,),
        segments=("all",),
    )
    return {number.day: number.measurement.value for number in numbers}


def test_numbers_of_many_days_are_read_at_once(database: Database) -> None:
    """Value, interval, rows and labels of each, judged or not; nothing else."""
    LabelDay(labelled=80).write(database, FIRST)
    LabelDay(realized=0.6).write(database, LAST)
    kinds = (Kind.ESTIMATED, Kind.REALIZED)
    found = dated_numbers(
        database, unit_at(LAST), days=9, kinds=kinds, segments=("all",)
    )
    assert len(found) == 4
    (one,) = [n for n in found if n.day == FIRST and n.measurement.kind in kinds[:1]]
    assert (one.measurement.value, one.measurement.upper) == (0.75, 0.77)
    assert (one.rows, one.labelled) == (100, 80)
    assert {n.measurement.horizon for n in found} == {1}
    assert {n.measurement.column for n in found} == {""}


def test_promised_numbers_are_those_the_objectives_name(database: Database) -> None:
    """Kind, metric, column and segment have to be those of one objective, together."""
    LabelDay().write(database, FIRST)
    LabelDay().write(database, LAST)

    def found(*promises: Objective) -> list[tuple[date, Kind, str, str]]:
        numbers = promised_numbers(database, unit_at(LAST), promises, days=9)
        return sorted(
            (n.day, n.measurement.kind, n.measurement.metric, n.measurement.segment)
            for n in numbers
        )

    realized_auc = Objective(metric="roc_auc", source="realized", min=0.5)
    assert found(realized_auc) == [
        (day, Kind.REALIZED, "roc_auc", "all") for day in (FIRST, LAST)
    ]
    elsewhere = realized_auc.model_copy(update={"column": "sex"})
    assert found(elsewhere) == []
    assert found() == []


@pytest.mark.parametrize(("days", "seen"), [(8, 1), (9, 2), (10, 2)])
def test_window_ends_so_many_days_before_the_day(
    database: Database, days: int, seen: int
) -> None:
    """The day itself is read too; a later one never."""
    for day in (FIRST, LAST):
        LabelDay().write(database, day)
    LabelDay(age=-1).write(database, LAST + timedelta(days=1))
    assert len(realized(database, days=days)) == seen


@pytest.mark.parametrize(
    ("looks", "value"),
    [
        pytest.param(
            [LabelDay(age=2, realized=0.6), LabelDay()], 0.6, id="the newest counts"
        ),
        pytest.param(
            [LabelDay(age=2, realized=0.6, verdict=None), LabelDay()],
            0.7,
            id="decided before undecided",
        ),
        pytest.param([LabelDay(verdict=None)], 0.7, id="undecided before none"),
        pytest.param(
            [LabelDay(), LabelDay(age=20, realized=0.6)], 0.7, id="known later"
        ),
        pytest.param(
            [LabelDay(), LabelDay(age=2, mode=Mode.REPLAY, realized=0.6)],
            0.7,
            id="a replay never",
        ),
        pytest.param(
            [LabelDay(mode=Mode.DRY_RUN, realized=0.6), LabelDay()],
            0.7,
            id="live first",
        ),
        pytest.param(
            [LabelDay(mode=Mode.DRY_RUN, realized=0.6), LabelDay(mode=Mode.BACKFILL)],
            0.7,
            id="backfill before dry run",
        ),
    ],
)
def test_each_day_counts_once_by_the_look_that_counts(
    database: Database, looks: list[LabelDay], value: float
) -> None:
    """The same look that the history of verdicts and the pages go by."""
    for look in looks:
        look.write(database, FIRST)
    assert realized(database) == {FIRST: value}


def test_numbers_are_kept_apart_by_segment_and_version(database: Database) -> None:
    """Rows and labels are those of the number's own segment and version."""
    segments = ("all", "region=north", "region=south")
    LabelDay(segments=segments, labelled=70).write(database, FIRST)
    found = dated_numbers(
        database,
        unit_at(LAST),
        days=9,
        kinds=(Kind.ESTIMATED,),
        segments=segments[:2],
    )
    about = sorted((n.measurement.segment, n.measurement.version) for n in found)
    assert about == [("all", "2"), ("region=north", "2")]
    assert {n.labelled for n in found} == {70}


def test_looks_at_labels_are_all_there_in_order(database: Database) -> None:
    """Every look at a day, all versions together; other segments do not count twice."""
    LabelDay(labelled=60, segments=("all", "region=north")).write(database, FIRST)
    LabelDay(labelled=90, age=3).write(database, FIRST)
    LabelDay(labelled=95, age=20).write(database, FIRST)
    LabelDay(labelled=50).write(database, LAST)
    coverages = label_coverages(database, unit_at(LAST), days=9)
    assert [(n.day, n.rows, n.labelled) for n in coverages] == [
        (FIRST, 100, 60),
        (FIRST, 100, 90),
        (LAST, 100, 50),
    ]
    assert coverages[1].known_at == unit_at(FIRST, age=3).as_of


def test_versions_of_a_day_are_added_up(database: Database) -> None:
    """Two versions of 100 rows each are a day of 200."""
    unit = unit_at(FIRST)
    parts = [make_profile(day=FIRST, version=v, rows=100, labelled=40) for v in "12"]
    Profiles(database).save(parts, unit.as_of)
    (coverage,) = label_coverages(database, unit, days=0)
    assert (coverage.rows, coverage.labelled) == (200, 80)
