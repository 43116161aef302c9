"""Score again what a withdrawn version had published; by hand, after a rollback.

What was published stays. Each day becomes a new partition beside it, with what changed;
the consumers the contract names are listed for whoever tells them. By default only the
plan is given.
"""

from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from daywatch_rules import RULES, rollback_param


@dag(
    schedule=None,
    params={
        "rollback": rollback_param(),
        "plan_only": Param(
            default=True,
            description="List the days and change nothing.",
            type="boolean",
        ),
    },
    doc_md=__doc__,
    **RULES,
)
def repair() -> None:
    """Plan the repair, then carry it out."""

    @task(multiple_outputs=False)
    def score_again() -> dict[str, Any]:
        """Score the days again, or list them."""
        from monitoring_tasks.operations import approvals

        context = get_current_context()
        params = context["params"]
        if params["plan_only"]:
            return approvals.plan_repair(params["rollback"])
        return approvals.repair_days(
            params["rollback"],
            actor=context["dag_run"].triggering_user_name or "airflow",
        )

    score_again()


repair()
