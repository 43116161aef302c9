from datetime import date, timedelta

import pytest

from monitoring_tasks.domain.decisions import Action, Cause, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.day_lines import newest_days
from monitoring_tasks.store.results import Results
from tests.builders import DAY, NOW, make_decision


@pytest.fixture
def results(database: Database) -> Results:
    """A store without a day."""
    return Results(database)


def look(
    results: Results, model: str, back: int = 0, *, hours: int = 0, decided: bool = True
) -> Unit:
    """Write a look at a day, so many days before `DAY`."""
    unit = Unit(
        model=model,
        day=DAY - timedelta(days=back),
        as_of=NOW + timedelta(hours=hours),
        mode=Mode.LIVE,
    )
    results.start(unit, predictions=None, labels=None, problem=None)
    if decided:
        results.save_decision(unit, make_decision())
    return unit


def listed(database: Database, *, most: int, lines: int) -> list[tuple[str, date]]:
    """Return model and day of each line, in order."""
    days = newest_days(database, most=most, lines=lines)
    return sorted((line.model, line.day) for line in days)


def test_a_line_says_what_the_look_that_counts_says(
    results: Results, database: Database
) -> None:
    """One begun later and not decided hides nothing."""
    unit = look(results, "a")
    results.save_action(unit, Action(kind="none", text="nothing was done"))
    look(results, "a", hours=1, decided=False)
    look(results, "b", decided=False)
    first, second = sorted(
        newest_days(database, most=9, lines=99), key=lambda line: line.model
    )
    assert (first.day, first.mode, first.verdict) == (DAY, Mode.LIVE, Verdict.BREACH)
    assert (first.severity, first.cause) == (Severity.P1, Cause.MODEL)
    assert first.action == "nothing was done"
    assert (second.verdict, second.severity, second.action) == (None, None, "")


def test_of_many_models_fewer_days_are_listed(
    results: Results, database: Database
) -> None:
    """Each by its own newest day, one day at least, also of those that stopped."""
    assert newest_days(database, most=9, lines=9) == []
    for back in range(6):
        look(results, "a", back)
        look(results, "b", back + 3)
        look(results, "stopped", back + 400)
    of = {m: DAY - timedelta(days=d) for m, d in (("a", 0), ("b", 3), ("stopped", 400))}
    for most, lines, days in ((9, 99, 6), (2, 99, 2), (9, 9, 3), (9, 1, 1)):
        expected = [
            (model, last - timedelta(days=back))
            for model, last in of.items()
            for back in reversed(range(days))
        ]
        assert listed(database, most=most, lines=lines) == expected
