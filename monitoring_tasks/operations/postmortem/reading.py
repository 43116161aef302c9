"""All that a post-mortem is drafted from, read from the store."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.triage import CAUSE_RULES
from monitoring_tasks.domain.decisions import FIRST_GUESS
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.incident_closing import needs_review, review_due_at
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.regulatory_readings import blocks_closing
from monitoring_tasks.domain.rollbacks import DAYWATCH, DONE
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.learn.postmortem.facts import (
    PostmortemFacts,
    Told,
    Trial,
)
from monitoring_tasks.operations.governance.record_lookup import record_of
from monitoring_tasks.operations.postmortem.course import (
    bad_days,
    budgets,
    lead_up,
    newest_day_of,
    other_models,
    took,
)
from monitoring_tasks.operations.postmortem.outcomes import (
    AFTER_DAYS,
    estimated_beside,
    judged_moves,
    numbers_since,
)
from monitoring_tasks.operations.postmortem.signals import signals_of
from monitoring_tasks.store.overrides import override_of
from monitoring_tasks.workspace.routing import contract_of
from monitoring_tasks.workspace.workspace import Workspace

NOT_BEFORE = frozenset(
    {IncidentState.CANDIDATE, IncidentState.DISMISSED, IncidentState.FALSE_POSITIVE}
)


def read_facts(
    workspace: Workspace, incident: Incident, trials: Sequence[Trial] = ()
) -> PostmortemFacts:
    """Return what the store holds of an incident, as it stands now.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
        trials: Other limits that were tried, see `sooner`.
    """
    events = workspace.incidents.events(incident.id)
    contract = contract_of(workspace, incident.model)
    opened_by, evaluation = opening(workspace, events), grounds(workspace, events)
    found_on = opened_by.unit.day if opened_by else incident.last_day
    return PostmortemFacts(
        incident=incident,
        drafted_at=workspace.clock.now(),
        review_due=due_at(workspace, incident),
        override=override_of(incident, events),
        evaluation=evaluation,
        findings=workspace.results.findings(evaluation.unit) if evaluation else (),
        rules=tuple(rule.__name__.lstrip("_") for rule in CAUSE_RULES),
        signals=signals_of(workspace, incident, found_on),
        found_on=found_on,
        found_by=_found_by(incident, opened_by),
        trials=trials,
        told=tuple(_told(event) for event in events),
        actions=workspace.incident_work.actions(incident.id),
        tests=workspace.incident_work.tests(incident.id),
        earlier=_earlier(workspace, incident),
        regulatory=_regulatory(workspace, incident),
        changes=[_change(trial) for trial in trials if trial.days_gained],
        **_of_the_model(workspace, incident, contract, found_on),
    )


def opening(
    workspace: Workspace, events: Sequence[dict[str, Any]]
) -> Evaluation | None:
    """Return the judgement that opened an incident; None where none is known.

    Args:
        workspace: The workspace; only read.
        events: Its time line.
    """
    keys = (event["detail"].get("evaluation") for event in events)
    key = next(filter(None, keys), None)
    return workspace.results.evaluation(Unit.from_key(key)) if key else None


def grounds(
    workspace: Workspace, events: Sequence[dict[str, Any]]
) -> Evaluation | None:
    """Return the judgement an incident rests on; None where none is known.

    The first that was more than a guess of a single day, else the one that opened it.

    Args:
        workspace: The workspace; only read.
        events: Its time line.
    """
    confirmed = [
        event
        for event in events
        if not (event["detail"].get("evidence") or {}).get(FIRST_GUESS)
    ]
    return opening(workspace, confirmed) or opening(workspace, events)


def alias_moved(workspace: Workspace, incident: Incident) -> bool:
    """Whether an alias was moved because of an incident.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
    """
    return any(
        rollback.incident == incident.id and rollback.state in DONE
        for rollback in workspace.rollbacks.find(incident.model)
    )


def due_at(workspace: Workspace, incident: Incident) -> datetime | None:
    """Return until when an incident is to be reviewed; None where it is not.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
    """
    moved = alias_moved(workspace, incident)
    if not needs_review(incident, alias_moved=moved, detected_externally=False):
        return None
    contract = contract_of(workspace, incident.model)
    zone = contract.zone if contract else workspace.clock.now().tzinfo
    if zone is None:
        return None
    return review_due_at(incident, incident.severity, incident.resolved_at, zone)


def _of_the_model(
    workspace: Workspace,
    incident: Incident,
    contract: Contract | None,
    found_on: date,
) -> dict[str, Any]:
    """Return the facts that need the model's contract; empty ones without it."""
    facts: dict[str, Any] = dict.fromkeys(
        ("owners", "consumers", "days", "other_models", "took", "lead_up"), ()
    ) | dict.fromkeys(("estimates", "moves", "budgets"), ())
    if contract is None:
        return facts | {"tier": None, "timezone": "UTC", "response_mode": ""}
    last = min(
        newest_day_of(workspace, incident),
        incident.last_day + timedelta(days=AFTER_DAYS),
    )
    numbers = numbers_since(workspace, incident.model, incident.onset_day, last)
    return facts | {
        "timezone": contract.timezone,
        "tier": contract.tier,
        "owners": contract.owners,
        "consumers": contract.response.consumers,
        "response_mode": contract.response.mode.value,
        "days": bad_days(workspace, incident),
        "other_models": other_models(workspace, incident, found_on),
        "took": took(workspace, incident, contract),
        "lead_up": lead_up(workspace, incident, found_on),
        "estimates": estimated_beside(workspace, incident.model, numbers, last),
        "moves": judged_moves(workspace, incident, numbers),
        "budgets": budgets(workspace, incident),
    }


def _earlier(workspace: Workspace, incident: Incident) -> tuple[str, ...]:
    return tuple(
        other.id
        for other in workspace.incidents.find(incident.model)
        if other.cause is incident.cause
        and other.onset_day < incident.onset_day
        and other.state not in NOT_BEFORE
    )


def _found_by(incident: Incident, evaluation: Evaluation | None) -> str:
    when = f"{incident.opened_at:%Y-%m-%d %H:%M}"
    if evaluation is None:
        return f"Opened {when} UTC; by which judgement is not known"
    evidence = evaluation.evidence
    bad, of_days = evidence.get("bad_days"), evidence.get("of_days")
    lasted = f"; {bad} of the last {of_days} valid days were in breach" if bad else ""
    how = "labels" if evidence.get("from_labels") else "numbers before labels"
    seen = f", seen in {how}" if bad else ""
    return (
        f"Opened {when} UTC by the judgement of {evaluation.unit.day} "
        f"({evaluation.unit.mode}){lasted}{seen}"
    )


def _told(event: dict[str, Any]) -> Told:
    rests_on = event["detail"].get("evaluation")
    source = f"event {event['number']} ({event['digest'][:12]})"
    return Told(
        at=event["at"],
        who=DAYWATCH if event["actor"] == DAYWATCH else "a person",
        state=event["kind"],
        text=event["text"],
        source=f"{source}, {rests_on}" if rests_on else source,
    )


def _regulatory(workspace: Workspace, incident: Incident) -> str:
    """Return what is on record of a duty to report; the answers are people's."""
    record = record_of(workspace, incident.id)
    if record is None:
        return ""
    opened = f"A regulatory record was opened {record.opened_at:%Y-%m-%d}"
    held = blocks_closing(record)
    return f"{opened}; {held}" if held else f"{opened}; nothing in it is open"


def _change(trial: Trial) -> str:
    return (
        f"{trial.key} (would have found it {trial.gained}, on {trial.first}; of the "
        f"days before, {trial.further} would have been confirmed too)"
    )
