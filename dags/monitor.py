"""Judge one day of one model: extract, validate, estimate, ..., learn.

A run by the clock judges the day its data interval starts on, in the model's own time
zone; a run by assets the day of their partition key; a run by hand the day it names:
`{"day": "2013-09-02"}`. What follows from the day alone is in `domain/runs.py`.

What a live run has to say to people is sent at once after `respond`, by `deliver`.

Where the contract's `response.mode` is `approve` or `auto`, a rollback may wait for a
person: the side branch after `respond` starts a run of `approval` and does not wait for
it.

Only a run on time acts on the world. A run by hand is a dry run unless told
otherwise, and a backfill (`airflow backfill create`) records what it would have done.
Clearing a run judges the same day again, with the same knowledge.

`decide` logs the verdict and its reasons, keeps them as the XCom `judgement` and has an
extra link to the day's page, which `learn` writes. With `response.airflow_alert` in the
contract a last task `alert` fails or is skipped on a grave day of a live run.
"""

from typing import Any

from airflow.sdk import Param, dag, task
from daywatch_judgement import end_as, owners_of, tell_judgement, with_page_link
from daywatch_rules import (
    RULES,
    ask_a_person,
    ask_when,
    cron_of,
    let_runs_state,
    look_up,
    scheduled_contracts,
    this_day,
    this_run,
    timetable_of,
)

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.autonomy import ResponseMode

MAY_ASK = (ResponseMode.APPROVE, ResponseMode.AUTO)
"""Modes in which a rollback may wait for a person; what was earned may be less."""


@task
def extract(model: str, timezone: str, cron: str | None) -> str:
    """Freeze the day's rows; return the key all other steps go by."""
    from monitoring_tasks import daily

    about = this_day(model, timezone, cron)
    return daily.extract(**about, look_up=look_up, airflow=this_run())


@task
def validate(key: str) -> str:
    """Check whether the data is fit to judge the model by."""
    from monitoring_tasks import daily

    return daily.validate(key, look_up=look_up)


@task
def estimate(key: str) -> str:
    """Compute the day's numbers, with labels or before them."""
    from monitoring_tasks import daily

    return daily.estimate(key, look_up=look_up)


@task
def compare(key: str) -> str:
    """Hold the numbers against the reference and other versions."""
    from monitoring_tasks import daily

    return daily.compare(key)


@task
def decide(key: str) -> str:
    """Say whether anybody needs to act; log the verdict, its reasons and its page."""
    from monitoring_tasks import daily
    from monitoring_tasks.operations import judgements

    daily.decide(key)
    tell_judgement(judgements.judgement(key))
    return key


@task
def respond(key: str) -> str:
    """Act, once, if the run is live."""
    from monitoring_tasks import daily

    return daily.respond(key)


@task(multiple_outputs=False)
def deliver(key: str) -> dict[str, Any]:
    """Send what the run has to say, at once; the DAG `deliver` sends what fails."""
    from monitoring_tasks.operations.messages.rounds import make_round_after

    return make_round_after(key, look_up=look_up)


@task
def learn(key: str) -> str:
    """Write the report; return its address."""
    from monitoring_tasks import daily

    return daily.learn(key)


@task
def alert(key: str) -> str:
    """End as the contract asks of a grave day, for alerting that looks at Airflow."""
    from monitoring_tasks.operations import judgements

    return end_as(judgements.alert(key))


@task.short_circuit
def find_question(key: str) -> str | None:
    """Return the rollback of the day that waits for a person, if one does."""
    from monitoring_tasks.operations import approvals

    return approvals.rollback_to_approve(key)


def monitor(contract: Contract) -> None:
    """Register the DAG of one model."""
    day = Param(None, "The day, YYYY-MM-DD.", type=["null", "string"], format="date")

    @dag(
        dag_id=f"monitor_{contract.model}",
        schedule=timetable_of(contract),
        doc_md=__doc__,
        **RULES
        | {
            "tags": ["daywatch", f"tier {contract.tier}"],
            "default_args": RULES["default_args"] | {"owner": owners_of(contract)},
        },
    )
    def seven_steps() -> None:
        key = extract(contract.model, contract.timezone, cron_of(contract))
        judged = with_page_link(decide(compare(estimate(validate(key)))))  # type: ignore[arg-type]  # XComArg stands for its str
        done = respond(judged)
        deliver(done)  # type: ignore[arg-type]  # as above
        page = learn(done)  # type: ignore[arg-type]  # as above
        if contract.response.airflow_alert:
            page >> alert(done)  # type: ignore[arg-type]  # as above
        if contract.response.mode in MAY_ASK:
            find_question(done) >> ask_a_person("find_question")  # type: ignore[arg-type]  # as above

    let_runs_state(seven_steps(), day=day, **ask_when())


for contract in scheduled_contracts():
    monitor(contract)
