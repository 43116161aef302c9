"""What days before said of rows that were scored again."""

from dataclasses import replace
from datetime import timedelta

from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.reproductions import UNREPRODUCED_SHARE, ReproducedDay
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.reproduced_days import reproduced_days
from monitoring_tasks.store.results import Results
from tests.builders import make_decision, make_finding
from tests.store.label_days import FIRST, unit_at

LAST = FIRST + timedelta(days=3)


def write(
    database: Database, ago: int, verdict: Verdict, value: float | None, **look: object
) -> None:
    """Write a look at a day before the last one."""
    unit = unit_at(LAST - timedelta(days=ago), **look)  # type: ignore[arg-type]
    finding = make_finding(
        verdict,
        kind=Kind.REPRODUCTION,
        metric=UNREPRODUCED_SHARE,
        version="2",
        value=value,
        rows=0 if value is None else 300,
    )
    results = Results(database)
    results.start(unit, predictions=None, labels=None, problem=None)
    results.save_findings(unit, [finding, make_finding(Verdict.OK)], [])
    results.save_decision(unit, make_decision())


def test_days_say_how_many_rows_had_other_outputs(database: Database) -> None:
    """Oldest first, other numbers left out; the newest look at a day counts."""
    write(database, 3, Verdict.OK, 0.01)
    write(database, 1, Verdict.OK, 0.0)
    write(database, 1, Verdict.WARN, 0.3, hour=9)
    write(database, 0, Verdict.NO_DATA, None)
    write(database, 2, Verdict.WARN, 1.0, mode=Mode.REPLAY)
    unit = replace(unit_at(LAST, hour=12), mode=Mode.DRY_RUN)
    day = ReproducedDay(day=FIRST, version="2", verdict=Verdict.OK, rows=300, unlike=3)
    assert reproduced_days(database, unit, days=3) == [
        day,
        replace(day, day=LAST - timedelta(days=1), verdict=Verdict.WARN, unlike=90),
        replace(day, day=LAST, verdict=Verdict.NO_DATA, rows=0, unlike=0),
    ]


def test_later_looks_and_older_days_are_not_known(database: Database) -> None:
    """A day is judged by what was known then."""
    write(database, 3, Verdict.OK, 0.0)
    write(database, 1, Verdict.OK, 0.0, age=2)
    unit = unit_at(LAST)
    assert reproduced_days(database, unit, days=2) == []
    assert [d.day for d in reproduced_days(database, unit, days=3)] == [FIRST]
