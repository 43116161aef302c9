"""Look for days that should have a verdict and have none: every six hours.

A monitor that does not run raises no alarm. This one notices: a scheduler that stood
still, a paused DAG, a source that never delivered, a run that failed.
"""

from typing import Any

from airflow.sdk import CronDataIntervalTimetable, dag, task
from daywatch_judgement import owners_of
from daywatch_rules import RULES, ask_when, read_contracts, this_instant


@dag(
    schedule=CronDataIntervalTimetable("30 */6 * * *", "UTC"),
    params=ask_when(),
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

    for loaded in read_contracts()[0]:
        model = loaded.contract.model
        owner = owners_of(loaded.contract)
        watch_days.override(task_id=model, owner=owner)(model)


watchdog()
