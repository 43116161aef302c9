"""Judge a range of past days of one model, by hand: a month a task.

Faster than a run a day, and without any effect outside the store: nobody is paged
and no alias moves. `airflow backfill create --dag-id monitor_<model>` does the same
one run a day, where every step of every day is to be seen; its dates are instants, so
write them in the model's own time: `--to-date 2013-06-30T23:59:59-04:00`.
"""

from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from daywatch_rules import RULES, look_up, model_param

from monitoring_tasks.domain.runs import months_between


@dag(
    schedule=None,
    params={
        "model": model_param(),
        "from": Param(description="First day.", type="string", format="date"),
        "to": Param(description="Last day, included.", type="string", format="date"),
    },
    doc_md=__doc__,
    **RULES,
)
def backfill() -> None:
    """Cut the range into months, then judge month by month."""

    @task
    def cut() -> list[dict[str, str]]:
        """List the months, oldest first."""
        params = get_current_context()["params"]
        spans = months_between(params["from"], params["to"])
        return [{"first": first, "last": last} for first, last in spans]

    # One at a time: a day is judged with the days before it in view.
    @task(max_active_tis_per_dag=1, multiple_outputs=False)
    def judge(first: str, last: str) -> dict[str, Any]:
        """Judge the days of one month."""
        from monitoring_tasks import daily

        model = get_current_context()["params"]["model"]
        return daily.backfill(model, first, last, look_up=look_up)

    judge.expand_kwargs(cut())


backfill()
