from datetime import date, timedelta

import pytest

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.history import dated_numbers, promised_numbers
from tests.store.label_days import FIRST, LabelDay, unit_at

LAST = FIRST + timedelta(days=9)


def realized(
    database: Database, unit: Unit | None = None, *, days: int = 9
) -> dict[date, float | None]:
    """Return the realized number of each day, as known when the last one was due."""
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
