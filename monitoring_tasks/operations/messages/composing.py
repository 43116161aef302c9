"""What a message says, read together from the store when it is first sent."""

from datetime import date, datetime, timedelta

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.messages import Link, Notice, Occasion
from monitoring_tasks.domain.outbox import Message
from monitoring_tasks.domain.paging import FLEET
from monitoring_tasks.domain.rollbacks import DONE, RollbackState
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.operations.incidents import incident_of
from monitoring_tasks.respond.fleet_notices import (
    alias_notice,
    canary_notice,
    retrospective_notice,
    undelivered_notice,
    warning_notice,
)
from monitoring_tasks.respond.notices import Story, notice_of
from monitoring_tasks.respond.plan import ADVICE
from monitoring_tasks.respond.sentences import outcome
from monitoring_tasks.workspace.routing import contract_of
from monitoring_tasks.workspace.workspace import Workspace


def compose(workspace: Workspace, message: Message) -> Notice:
    """Return what a message says, as things stand now.

    Args:
        workspace: The workspace; only read.
        message: The message.

    Raises:
        LookupError: If the incident it is about is gone from the store.
    """
    environment = workspace.settings.environment
    match message.occasion:
        case Occasion.ALIAS_MOVED:
            return alias_notice(message, environment=environment)
        case Occasion.DEAD_LETTER:
            return undelivered_notice(message, environment=environment)
        case Occasion.WARNED:
            page = _page(workspace, message.model, message.subject["day"])
            return warning_notice(message, environment=environment, links=page)
        case Occasion.CANARY:
            return canary_notice(message, environment=environment)
        case Occasion.REVIEW:
            return retrospective_notice(message, environment=environment)
        case _:
            return notice_of(story_of(workspace, message), message.id)


def story_of(workspace: Workspace, message: Message) -> Story:
    """Return what is known of the incident a message is about.

    Args:
        workspace: The workspace; only read.
        message: A message about an incident.
    """
    incident = incident_of(workspace, message.incident or "")
    contract = contract_of(workspace, incident.model)
    evaluation = _latest_evaluation(workspace, incident)
    said = message.subject
    entry = Entry(
        at=datetime.fromisoformat(said["at"]), actor=said["actor"], text=said["text"]
    )
    done, commands = _done(workspace, incident, evaluation)
    decision = evaluation.decision if evaluation else None
    return Story(
        incident=incident,
        occasion=message.occasion,
        entry=entry,
        environment=workspace.settings.environment,
        reasons=decision.reasons if decision else (),
        reason_codes=decision.reason_codes if decision else (),
        evidence=decision.evidence if decision else {},
        rows=evaluation.rows if evaluation else None,
        done=done,
        advice=ADVICE[incident.cause],
        owners=contract.owners if contract else (),
        tier=contract.tier if contract else None,
        consumers=contract.response.consumers if contract else (),
        parts=_parts(workspace, incident),
        acknowledge_by=acknowledge_by(incident, contract),
        commands=(*commands, *_next_commands(incident)),
        links=_links(workspace, incident),
    )


def acknowledge_by(incident: Incident, contract: Contract | None) -> datetime | None:
    """Return when somebody has to have taken an incident on; None for no clock.

    Args:
        incident: As it stands.
        contract: The model's; None for the fleet.
    """
    if contract is None or incident.acknowledged_at is not None:
        return None
    hours = contract.notify.clock_for(incident.severity).acknowledge_hours
    begins = incident.paged_at or incident.opened_at
    return None if hours is None else begins + timedelta(hours=hours)


def _latest_evaluation(workspace: Workspace, incident: Incident) -> Evaluation | None:
    """Return the latest judgement that wrote to an incident; None for the fleet's."""
    if incident.model.startswith(FLEET):
        return None
    keys = [
        event["detail"]["evaluation"]
        for event in workspace.incidents.events(incident.id)
        if "evaluation" in event["detail"]
    ]
    return workspace.results.evaluation(Unit.from_key(keys[-1])) if keys else None


def _done(
    workspace: Workspace, incident: Incident, evaluation: Evaluation | None
) -> tuple[str, tuple[str, ...]]:
    """Return what was done about an incident, and what a person can answer."""
    rollbacks = [
        rollback
        for rollback in workspace.rollbacks.find(incident.model)
        if rollback.incident == incident.id
    ]
    for rollback in sorted(rollbacks, key=lambda r: r.proposed_at, reverse=True):
        if rollback.state in DONE:
            return outcome(rollback), ()
        if rollback.state is RollbackState.AWAITING_APPROVAL:
            words = (
                f"waits for a person: roll back from version {rollback.from_version} "
                f"to {rollback.to_version}?"
            )
            commands = (
                f"daywatch approve {rollback.id} --reason ...",
                f"daywatch reject {rollback.id} --reason ...",
            )
            return words, commands
    action = evaluation.action if evaluation else None
    # The advice is told on a line of its own.
    done = action.text.split("; ")[0] if action else ""
    return done.removeprefix("incident, "), ()


def _next_commands(incident: Incident) -> tuple[str, ...]:
    """Return what a person can type now, the first thing first."""
    if incident.state is IncidentState.REVIEW_DUE:
        return (f"daywatch postmortem draft {incident.id}",)
    commands = (
        f"daywatch playbook {incident.id}",
        f"daywatch incident show {incident.id}",
    )
    if incident.is_active and incident.acknowledged_at is None:
        return f"daywatch incident ack {incident.id}", *commands
    return commands if incident.is_active else commands[1:]


def _parts(workspace: Workspace, incident: Incident) -> tuple[str, ...]:
    if not incident.model.startswith(FLEET):
        return ()
    return tuple(part.id for part in workspace.incidents.parts(incident.id))


def _links(workspace: Workspace, incident: Incident) -> tuple[Link, ...]:
    if incident.model.startswith(FLEET):
        return ()
    return _page(workspace, incident.model, incident.last_day.isoformat())


def _page(workspace: Workspace, model: str, day: str) -> tuple[Link, ...]:
    settings = workspace.settings
    # Where nothing serves the pages, an address of this machine's disk helps nobody.
    if not settings.reports_url:
        return ()
    page = settings.page_address(model, date.fromisoformat(day))
    return (Link(text=f"Page of {day}", href=page),)
