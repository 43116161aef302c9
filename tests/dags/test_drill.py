from typing import Any

import pytest

from monitoring_tasks.operations.drills import drilling
from monitoring_tasks.operations.incident_tests import running

pytestmark = pytest.mark.filterwarnings(
    # Airflow's in-process API is built on starlette's test client.
    "ignore:Using `httpx` with `starlette.testclient`",
)
RIGHT = {
    "right": 2,
    "wrong": 0,
    "skipped": 1,
    "drills": [{"fault": "unit_change", "result": "right"}],
    "log": "drills/some.json",
}
WRONG = RIGHT | {"wrong": 1, "drills": [{"fault": "unit_change", "result": "wrong"}]}
NOTHING = RIGHT | {"right": 0, "drills": []}


HELD: dict[str, Any] = {"held": ["flights-model-2013-09-03-test-1"], "failed": []}


def drill(
    dags: dict[str, Any],
    found: dict[str, Any],
    *,
    held: dict[str, Any] = HELD,
    **conf: object,
) -> tuple[Any, list[Any]]:
    """Run the DAG with what a drill would have found; give the run and the calls."""
    calls: list[Any] = []

    def record(model: str, **asked: object) -> dict[str, Any]:
        calls.append((model, asked))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drilling, "drill", record)
        patch.setattr(running, "hold", lambda model: held if model else None)
        asked = {"model": "flights", **conf}
        run = dags["drill"].test(logical_date=None, run_conf=asked)
    return run, calls


def test_drill_of_nothing_in_particular_takes_every_fault(dags: dict[str, Any]) -> None:
    """All right is a successful run."""
    run, calls = drill(dags, RIGHT)
    assert run.state == "success"
    assert calls == [("flights", {"faults": [], "day": None, "days": 5})]


def test_drill_hands_on_what_was_asked(dags: dict[str, Any]) -> None:
    """Faults, the last day and the number of days are a person's to choose."""
    asked = {"faults": ["unit_change"], "day": "2013-08-31", "days": 7}
    assert drill(dags, RIGHT, **asked)[1] == [("flights", asked)]


@pytest.mark.parametrize("found", [WRONG, NOTHING], ids=["wrong", "nothing tried"])
def test_wrong_answer_fails_the_run(
    dags: dict[str, Any], found: dict[str, Any]
) -> None:
    """A judgement that is wrong shows in Airflow as a red task."""
    assert drill(dags, found)[0].state == "failed"


def test_failed_test_of_an_incident_fails_the_run(dags: dict[str, Any]) -> None:
    """What an incident taught and was lost again shows in Airflow as a red task."""
    failed = {"held": [], "failed": ["flights-model-2013-09-03-test-1"]}
    assert drill(dags, RIGHT, held=failed)[0].state == "failed"
