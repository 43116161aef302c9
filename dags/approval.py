"""Ask a person whether a version is to be put back; silence means no.

The monitor starts a run for each rollback that waits for a person, once. The question
stands under Airflow's required actions until the decision expires. `daywatch approve`
and `daywatch reject` answer the same question: our own store settles who was first,
so a late click, a second answer and the timeout change nothing.
"""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Context, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from daywatch_rules import RULES, longest_decision, rollback_param

APPROVE, REJECT = "approve", "reject"


class Question(HITLOperator):
    """Waits as long as the decision may be acted on, whenever the task starts."""

    def execute(self, context: Context) -> None:
        """Ask, and take silence until then for a no."""
        question = context["ti"].xcom_pull(task_ids="phrase")
        self.response_timeout = timedelta(seconds=question["seconds"])
        super().execute(context)


@task(multiple_outputs=False)
def phrase() -> dict[str, Any]:
    """Return the question in words; nobody is asked what is settled already."""
    from monitoring_tasks.operations import approvals

    question = approvals.request_approval(get_current_context()["params"]["rollback"])
    if question is None:
        raise AirflowSkipException("the question is settled already")
    return question


@task(multiple_outputs=False)
def settle(response: dict[str, Any]) -> dict[str, Any]:
    """Write the answer down and do what it says, unless another one was first."""
    from monitoring_tasks.operations import approvals

    rollback = get_current_context()["params"]["rollback"]
    user, reason = response["responded_by_user"], response["params_input"].get("reason")
    # Airflow itself answers with the default when nobody has in time.
    if user is None:
        return approvals.expire(rollback)
    return approvals.answer(
        rollback,
        approve=response["chosen_options"] == [APPROVE],
        actor=user["name"],
        reason=f"in Airflow: {reason}" if reason else "in Airflow, without a reason",
    )


@dag(
    schedule=None,
    params={"rollback": rollback_param()},
    is_paused_upon_creation=False,
    doc_md=__doc__,
    # Models wait side by side, each for as long as its contract says.
    **RULES
    | {
        "max_active_runs": 32,
        "dagrun_timeout": longest_decision() + RULES["dagrun_timeout"],
    },
)
def approval() -> None:
    """Phrase the question, wait for a person, settle it."""
    ask = Question(
        task_id="ask",
        subject="{{ ti.xcom_pull(task_ids='phrase')['subject'] }}",
        body="{{ ti.xcom_pull(task_ids='phrase')['body'] }}",
        options=[APPROVE, REJECT],
        defaults=REJECT,
        params={"reason": Param("", "Why, for the journal.", type="string")},
    )
    phrase() >> ask
    settle(ask.output)  # type: ignore[arg-type]  # XComArg stands for its dict


approval()
