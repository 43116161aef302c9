from datetime import timedelta

import pytest

from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.peer_models import decided_by_others
from monitoring_tasks.store.results import Results
from tests.builders import DAY, NOW, make_decision, make_unit


@pytest.fixture
def results(database: Database) -> Results:
    """A store without a day."""
    return Results(database)


def decide(
    results: Results, model: str, *, hours: int = 0, mode: Mode = Mode.LIVE,
    confirmed: bool = True, days: int = 0,
) -> Unit:  # fmt: skip
    """Write down what a day of a model means."""
    unit = Unit(
        model=model,
        day=DAY + timedelta(days=days),
        as_of=NOW + timedelta(hours=hours),
        mode=mode,
    )
    results.start(unit, predictions=None, labels=None, problem=None)
    results.save_decision(unit, make_decision(confirmed=confirmed))
    return unit


def test_those_in_trouble_are_read_whole_and_all_are_counted(
    results: Results, database: Database
) -> None:
    """By name; the model itself, other days, later looks and replays do not count."""
    asked = make_unit(as_of=NOW + timedelta(hours=5))
    for model in ("c", "a"):
        decide(results, model)
    decide(results, "b", confirmed=False)
    decide(results, asked.model)
    decide(results, "yesterday", days=-1)
    decide(results, "later", hours=6)
    decide(results, "replayed", mode=Mode.REPLAY)
    others = decided_by_others(database, asked)
    assert others.decided == 3
    assert [evaluation.model for evaluation in others.confirmed] == ["a", "c"]
    assert others.confirmed[0].cause is make_decision().cause


@pytest.mark.parametrize("is_over", [True, False])
def test_the_newest_look_at_a_model_says_whether_it_is_in_trouble(
    results: Results, database: Database, *, is_over: bool
) -> None:
    """A confirmed breach that a later look took back is none any more."""
    decide(results, "a", confirmed=is_over)
    newest = decide(results, "a", hours=1, confirmed=not is_over)
    others = decided_by_others(database, make_unit(as_of=NOW + timedelta(hours=2)))
    read = [evaluation.unit for evaluation in others.confirmed]
    assert (others.decided, read) == (1, [] if is_over else [newest])
