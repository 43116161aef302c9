"""Judge again the days whose labels have arrived: every day, one task a model.

A verdict made before the labels stays as it was known then; the new one is written
beside it. A day too old to act on (`max_action_age_days`, counted from when its labels
could be known: `labels.delay_days`) only changes the record.
"""

from airflow.sdk import CronDataIntervalTimetable, dag, task
from daywatch_judgement import owners_of
from daywatch_rules import (
    RULES,
    ask_when,
    let_runs_state,
    look_up,
    scheduled_contracts,
    this_instant,
)


@dag(
    schedule=CronDataIntervalTimetable("0 12 * * *", "UTC"),
    doc_md=__doc__,
    **RULES,
)
def settle() -> None:
    """Settle every model, each by itself."""

    @task
    def settle_days(model: str) -> list[str]:
        """Judge the days whose labels matured; return their keys."""
        from monitoring_tasks.operations.settling import settle

        now = this_instant()
        return settle(model, as_of=now["as_of"], mode=now["mode"], look_up=look_up)

    for contract in scheduled_contracts():
        task_id, owner = contract.model, owners_of(contract)
        settle_days.override(task_id=task_id, owner=owner)(contract.model)


let_runs_state(settle(), **ask_when())
