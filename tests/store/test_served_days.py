"""Which versions scored rows, and since when."""

from datetime import timedelta

from monitoring_tasks.store.database import Database
from monitoring_tasks.store.profiles import Profiles
from monitoring_tasks.store.served_days import recent_releases
from tests.builders import make_profile
from tests.store.label_days import FIRST, LabelDay, unit_at

LAST = FIRST + timedelta(days=9)


def serve(database: Database, day: int, *versions: str, age: int = 0) -> None:
    """Write a day, and the rows that each version scored of it."""
    date = FIRST + timedelta(days=day)
    unit = LabelDay(version=versions[0], age=age).write(database, date)
    parts = [make_profile(day=date, version=v, rows=50) for v in versions[1:]]
    Profiles(database).save(parts, unit.as_of)


def test_release_may_begin_with_a_part_of_the_rows(database: Database) -> None:
    """The day is mainly version 2's; version 3 has scored some rows since day 7."""
    for day in range(7):
        serve(database, day, "2")
    for day in (7, 8, 9):
        serve(database, day, "2", "3")
    began = FIRST + timedelta(days=7)
    assert recent_releases(database, unit_at(LAST), days=28) == {"3": began}
    # On the oldest day that is read: nobody knows since when.
    assert recent_releases(database, unit_at(LAST), days=2) == {}


def test_version_that_scored_no_row_of_the_day_is_left_out(database: Database) -> None:
    """It was tried and taken back."""
    serve(database, 0, "2")
    serve(database, 5, "2", "3")
    serve(database, 9, "2")
    assert recent_releases(database, unit_at(LAST), days=28) == {}


def test_looks_taken_later_do_not_count(database: Database) -> None:
    """What is known of the days now was not known then."""
    serve(database, 0, "2")
    serve(database, 9, "2")
    serve(database, 9, "2", "3", age=5)
    assert recent_releases(database, unit_at(LAST), days=28) == {}


def test_without_a_day_there_is_no_release(database: Database) -> None:
    """Nothing was ever counted."""
    assert recent_releases(database, unit_at(LAST), days=28) == {}
