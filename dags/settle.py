"""Judge again the days whose labels have arrived: every day, one task a model.

A verdict made before the labels stays as it was known then; the new one is written
beside it. A day too old to act on (`max_action_age_days`, counted from when its labels
could be known: `labels.delay_days`) only changes the record.
"""

from airflow.sdk import CronDataIntervalTimetable, dag, task
from daywatch_judgement import owners_of
from daywatch_rules import RULES, ask_when, look_up, read_contracts, this_instant


@dag(
    schedule=CronDataIntervalTimetable("0 12 * * *", "UTC"),
    params=ask_when(),
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

    for loaded in read_contracts()[0]:
        model = loaded.contract.model
        owner = owners_of(loaded.contract)
        settle_days.override(task_id=model, owner=owner)(model)


settle()
