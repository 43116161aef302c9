"""Judge a range of past days of one model, by hand, in order.

Faster than a run a day, and without any effect outside the store: nobody is paged
and no alias moves. `airflow backfill create --dag-id monitor_<model>` does the same
one run a day, where every step of every day is to be seen; its dates are instants, so
write them in the model's own time: `--to-date 2013-06-30T23:59:59-04:00`.
"""

from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from daywatch_rules import RULES, look_up, model_param


@dag(
    schedule=None,
    params={
        "model": model_param(),
        "from": Param(description="First day.", type="string", format="date"),
        "to": Param(description="Last day, included.", type="string", format="date"),
        "with_labels": Param(
            default=False,
            description="As known now, with all labels that came since.",
            type="boolean",
        ),
    },
    doc_md=__doc__,
    **RULES,
)
def backfill() -> None:
    """Judge the whole range in one task: a day needs the days before it."""

    @task(multiple_outputs=False)
    def judge() -> dict[str, Any]:
        """Judge the days, oldest first; return their number by verdict."""
        from monitoring_tasks.operations.backfilling import backfill

        params = get_current_context()["params"]
        span = (params["model"], params["from"], params["to"])
        with_labels = params["with_labels"]
        return backfill(*span, look_up=look_up, with_labels=with_labels)

    judge()


backfill()
