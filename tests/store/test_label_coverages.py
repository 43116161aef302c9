from datetime import timedelta

from monitoring_tasks.store.database import Database
from monitoring_tasks.store.label_coverages import label_coverages
from monitoring_tasks.store.profiles import Profiles
from tests.builders import make_profile
from tests.store.label_days import FIRST, LabelDay, unit_at

LAST = FIRST + timedelta(days=9)


def test_looks_at_labels_are_all_there_in_order(database: Database) -> None:
    """Every look at a day, all versions together; other segments do not count twice."""
    LabelDay(labelled=60, segments=("all", "region=north")).write(database, FIRST)
    LabelDay(labelled=90, age=3).write(database, FIRST)
    LabelDay(labelled=95, age=20).write(database, FIRST)
    LabelDay(labelled=50).write(database, LAST)
    looks = label_coverages(database, unit_at(LAST), days=9)
    assert [(n.day, n.rows, n.labelled) for n in looks] == [
        (FIRST, 100, 60),
        (FIRST, 100, 90),
        (LAST, 100, 50),
    ]
    assert looks[1].known_at == unit_at(FIRST, age=3).as_of


def test_versions_of_a_day_are_added_up(database: Database) -> None:
    """Two versions of 100 rows each are a day of 200."""
    unit = unit_at(FIRST)
    parts = [make_profile(day=FIRST, version=v, rows=100, labelled=40) for v in "12"]
    Profiles(database).save(parts, unit.as_of)
    (look,) = label_coverages(database, unit, days=0)
    assert (look.rows, look.labelled) == (200, 80)
