"""Look for days that should have a verdict and have none: every six hours.

A monitor that does not run raises no alarm. This one notices: a scheduler that stood
still, a paused DAG, a source that never delivered, a run that failed.
"""

from typing import Any

from airflow.sdk import CronDataIntervalTimetable, dag, task
from daywatch_judgement import owners_of
from daywatch_rules import (
    RULES,
    ask_when,
    let_runs_state,
    scheduled_contracts,
    this_instant,
)


@dag(
    schedule=CronDataIntervalTimetable("30 */6 * * *", "UTC"),
    doc_md=__doc__,
    **RULES,
)
def watchdog() -> None:
    """Watch every model, each by itself."""

    @task(multiple_outputs=False)
    def watch_days(model: str) -> dict[str, Any]:
        """Find the days without a verdict."""
        from monitoring_tasks.operations.watching import watch

        return watch(model, **this_instant())

    for contract in scheduled_contracts():
        task_id, owner = contract.model, owners_of(contract)
        watch_days.override(task_id=task_id, owner=owner)(contract.model)


let_runs_state(watchdog(), **ask_when())
