"""Let a day speak for what came before it: moves being verified, active incidents.

Reads and writes through the day; the only file of the folder that does.
"""

from datetime import timedelta

from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.past_days import past_day
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.respond.incident_report import is_flapping
from monitoring_tasks.respond.recovery.day_answers import BREAKS_NOTHING, Answers
from monitoring_tasks.respond.recovery.follow_up import (
    FollowUp,
    follow_up,
    is_silent,
    telling_days,
)
from monitoring_tasks.respond.recovery.incident_basis import IncidentBasis, basis_of
from monitoring_tasks.respond.recovery.measured_answers import answers_on, is_measured
from monitoring_tasks.respond.recovery.verification import bake
from monitoring_tasks.respond.result_writer import ResultWriter
from monitoring_tasks.workspace.day import Day


def verify_rollbacks(day: Day, writer: ResultWriter) -> None:
    """Let a live day speak for the rollbacks that are being verified.

    Args:
        day: The day, decided.
        writer: Where what it says is written down.
    """
    for rollback in day.workspace.rollbacks.find(day.model):
        if rollback.state is not RollbackState.VERIFYING:
            continue
        moved_at = rollback.applied_at or rollback.proposed_at
        moved_on = day_of(moved_at, day.contract.timezone)
        days = max(0, (day.day - moved_on) // timedelta(days=1))
        result = bake(
            rollback,
            past_day(day.evaluation),
            moved_on=moved_on,
            history=day.past.history(days),
            bake_days=day.contract.response.bake_days,
        )
        if result is not None:
            writer.write_bake(rollback, result)


def follow_incidents(day: Day, decision: Decision, writer: ResultWriter) -> list[str]:
    """Let a live day without trouble speak for incidents that are still active.

    Args:
        day: The day.
        decision: What it means.
        writer: Where what it says is written down.

    Returns:
        What it says of each, in words; of an incident it is silent about, nothing.
    """
    if decision.performance not in BREAKS_NOTHING:
        return []
    incidents = day.workspace.incidents
    texts: list[str] = []
    for incident in incidents.find(day.model):
        if not incident.is_active:
            # If this very day ended it: a day that is run again says the same.
            texts += incidents.texts(incident.id, f"good-{day.day}")
            continue
        update = _follow_up(day, decision, incident)
        if update is not None:
            writer.write_follow_up(incident, update)
            texts.append(update.text)
    return texts


def _follow_up(day: Day, decision: Decision, incident: Incident) -> FollowUp | None:
    """Return what the day says of an incident; None when it says nothing."""
    policy = day.contract.policy
    basis = _basis(day, incident)
    by_labels = basis.is_told_by_labels
    if is_silent(incident.cause, day.findings, is_told_by_labels=by_labels):
        return None
    return follow_up(
        incident,
        past_day(day.evaluation),
        history=telling_days(
            incident,
            day.past.history(policy.look_back_days),
            basis,
            label_coverage=policy.label_coverage,
        ),
        recovery_days=policy.recovery_days,
        is_flapping=is_flapping(decision),
        answers=_answers(day, incident, basis),
    )


def _basis(day: Day, incident: Incident) -> IncidentBasis:
    evidence = (
        event["detail"].get("evidence") or {}
        for event in day.workspace.incidents.events(incident.id)
    )
    return basis_of(evidence, output_columns=day.contract.columns.outputs)


def _answers(day: Day, incident: Incident, basis: IncidentBasis) -> Answers:
    """Return what the days since an incident's last bad one measured of it."""
    # Most incidents ask for no more than how their days performed.
    if not is_measured(incident, basis):
        return Answers(basis=basis)
    policy = day.contract.policy
    between = (day.day - incident.last_day).days - 1
    days = min(between, policy.look_back_days)
    before = day.past.evaluations(days) if days > 0 else ()
    since = [day.earlier(evaluation) for evaluation in before]
    return answers_on(
        [*since, day], incident, basis, label_coverage=policy.label_coverage
    )
