"""Put a registered version back, by hand, through the guards Daywatch itself obeys.

The reason and the person who triggered the run are written to the audit journal.
"""

from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from daywatch_rules import RULES, model_param


@dag(
    schedule=None,
    params={
        "model": model_param(),
        "to": Param(
            description="Version to put back.", type="string", pattern=r"^[0-9]+$"
        ),
        "reason": Param(
            description="Why, for the audit journal.", type="string", minLength=10
        ),
    },
    doc_md=__doc__,
    **RULES,
)
def rollback() -> None:
    """Ask for the rollback; the guards decide."""

    @task(multiple_outputs=False)
    def roll_back() -> dict[str, Any]:
        """Put the version back, or say which guard refused."""
        from monitoring_tasks import daily

        context = get_current_context()
        params = context["params"]
        return daily.roll_back(
            params["model"],
            to=params["to"],
            reason=params["reason"],
            actor=context["dag_run"].triggering_user_name or "airflow",
        )

    roll_back()


rollback()
