"""Write the retrospective of the last week: every Monday; of the last quarter as well.

How good alarms, answers, estimates and promises were, and what is still to be done. The
quarterly one is written on the first Monday of a quarter. The pages lie under
`retrospectives/` of the workspace; a live run tells the channels that take them (mail,
Confluence and others).
"""

from typing import Any

from airflow.sdk import CronDataIntervalTimetable, dag, task
from daywatch_rules import RULES, ask_when, this_instant


@dag(
    schedule=CronDataIntervalTimetable("0 7 * * 1", "UTC"),
    params=ask_when(),
    doc_md=__doc__,
    **RULES,
)
def retrospective() -> None:
    """Look back over all models."""

    @task(multiple_outputs=False)
    def look_back() -> dict[str, Any]:
        """Write what is due; return the pages and how many messages tell of them."""
        from monitoring_tasks.operations.retrospective.writing import write_due

        return write_due(**this_instant())

    look_back()


retrospective()
