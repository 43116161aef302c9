"""Put known faults into healthy days of a model and see whether its judgement is right.

By hand, or triggered once a week from outside: a fire drill for the monitor. Everything
takes place in a throw-away workspace; the registry, the store and the reports are only
read. The task fails when an answer was wrong; the log lies under `drills/` of the
workspace. Beside it the tests that incidents of the model left behind are held.
"""

from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from daywatch_rules import RULES, model_param


@dag(
    schedule=None,
    params={
        "model": model_param(),
        "faults": Param([], "Faults by name; all if none.", type="array"),
        "day": Param(
            None, "Drill on no later day.", type=["null", "string"], format="date"
        ),
        "days": Param(5, "Healthy days to drill on.", type="integer", minimum=1),
    },
    doc_md=__doc__,
    **RULES,
)
def drill() -> None:
    """Drill one model; a wrong answer is a failed run."""

    @task(multiple_outputs=False)
    def try_judgement() -> dict[str, Any]:
        """Drill on the faults, one after the other; return the numbers and the log."""
        from monitoring_tasks.operations.drills.drilling import drill

        params = get_current_context()["params"]
        options = {name: params[name] for name in ("faults", "day", "days")}
        result = drill(params["model"], **options)
        # Without a right answer nothing was tested, which is no pass either.
        if result["wrong"] or not result["right"]:
            wrong = [d["fault"] for d in result["drills"] if d["result"] == "wrong"]
            raise RuntimeError(f"wrong about {', '.join(wrong)}; see {result['log']}")
        return {name: result[name] for name in ("right", "skipped", "log")}

    @task(multiple_outputs=False)
    def hold_tests_of_incidents() -> dict[str, Any]:
        """Hold the tests that the model's incidents have left; fail where one does."""
        from monitoring_tasks.operations.incident_tests.running import hold

        result = hold(get_current_context()["params"]["model"])
        if result["failed"]:
            raise RuntimeError(f"failed: {', '.join(result['failed'])}")
        return {"held": result["held"]}

    try_judgement()
    hold_tests_of_incidents()


drill()
