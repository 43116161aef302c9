"""Put a registered version back, by hand, through the guards Daywatch itself obeys.

The reason and the person who triggered the run are written to the audit journal. A dry
run asks every guard and changes nothing. Force skips the guards that may be skipped,
those on evidence and on pace; the journal names each of them.
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
        "dry_run": Param(
            default=False,
            description="Ask every guard and change nothing.",
            type="boolean",
        ),
        "force": Param(
            default=False,
            description="Skip the guards a person may skip; the journal names them.",
            type="boolean",
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
        from monitoring_tasks.operations import approvals

        context = get_current_context()
        params = context["params"]
        return approvals.request_rollback(
            params["model"],
            to=params["to"],
            reason=params["reason"],
            dry_run=params["dry_run"],
            force=params["force"],
            actor=context["dag_run"].triggering_user_name or "airflow",
        )

    roll_back()


rollback()
