"""The door through which aliases move: guards, registry, journal and incident.

Beside `step.py` because a rollback is begun by the day's response and by people, and
ended by either or between the days (`operations/rollbacks`): one way through, whoever
asks. Whatever is decided here lies in pure modules; the executor is handed its parts.
"""

import logging
from datetime import datetime

from monitoring_tasks.domain.decisions import Action
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.rollbacks import (
    DAYWATCH,
    IN_DOUBT,
    Guard,
    Rollback,
    RollbackState,
)
from monitoring_tasks.errors import (
    LeaseHeldError,
    RegistryError,
    SourceUnavailableError,
    VersionMissingError,
)
from monitoring_tasks.respond.alias_sightings import (
    Sighting,
    line_of_sighting,
    overtaken,
    overtaken_text,
)
from monitoring_tasks.respond.executor import Executor
from monitoring_tasks.respond.guard_facts_reader import (
    collect_guard_facts,
    read_autonomy,
)
from monitoring_tasks.respond.guards import check_guards
from monitoring_tasks.respond.incident_updates import action_of, incident_update
from monitoring_tasks.respond.registry_tags import description_of_move, tags_of_move
from monitoring_tasks.respond.rollback_requests import RollbackRequest, new_rollback
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.processes import process_name
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)


def requested_rollback(
    day: Day, request: RollbackRequest, evidence: JsonObject, *, now: datetime
) -> Rollback:
    """Return the rollback a request asks for; nothing is written down yet.

    Args:
        day: The day it rests on.
        request: Who wants which version put back.
        evidence: From `guard_facts_reader.read_evidence`.
        now: When it is asked.
    """
    mode = read_autonomy(day.workspace, day.model).mode
    return new_rollback(request, evidence, day.contract, mode=mode, now=now)


def execute(
    workspace: Workspace,
    rollback: Rollback,
    evidence: JsonObject,
    *,
    now: datetime,
) -> Rollback:
    """Carry a rollback out through every guard, whoever asked for it.

    Args:
        workspace: Where it is written down.
        rollback: From `requested_rollback`.
        evidence: What it rests on.
        now: The present instant.

    Returns:
        The rollback as it stands now.

    Raises:
        LeaseHeldError: If another process is moving this alias.
        AliasInDoubtError: If the registry does not say what came of the write.
    """
    return _executor(workspace, now).execute(rollback, evidence, now=now)


def resume(workspace: Workspace, rollback: Rollback, *, now: datetime) -> Rollback:
    """Carry on with a rollback that was written down before.

    Args:
        workspace: Where it was written down.
        rollback: The rollback.
        now: The present instant.

    Returns:
        The rollback as it stands now.

    Raises:
        LeaseHeldError: If another process is moving this alias.
        AliasInDoubtError: If the registry does not say what came of the write.
    """
    evidence = workspace.rollbacks.evidence(rollback.id)
    return _executor(workspace, now).execute(rollback, evidence, now=now)


def rehearse(
    workspace: Workspace,
    rollback: Rollback,
    evidence: JsonObject,
    *,
    now: datetime,
) -> tuple[Guard, ...]:
    """Return what every guard says of a rollback nobody wrote down; nothing changes.

    Args:
        workspace: Where the facts are read.
        rollback: From `requested_rollback`.
        evidence: What it rests on.
        now: The present instant.
    """
    return check_guards(
        collect_guard_facts(workspace, rollback, now=now, evidence=evidence)
    )


def update_incident(
    workspace: Workspace, rollback: Rollback, *, now: datetime
) -> Action:
    """Tell a rollback's incident how it stands; telling it again changes nothing.

    Args:
        workspace: Where the incident lies.
        rollback: The rollback.
        now: The present instant.

    Returns:
        What to write beside the day the rollback was decided on.
    """
    incidents = workspace.incidents
    incident = incidents.get(rollback.incident) if rollback.incident else None
    if incident is not None:
        update = incident_update(rollback, incident)
        if update.event:
            incidents.note(incident, update.event, at=now, text=update.text)
        for state in update.states:
            incidents.move(incident.id, state, at=now, actor=DAYWATCH, text=update.text)
    return action_of(rollback)


def note_alias(
    workspace: Workspace, model: str, *, at: datetime, must_answer: bool = True
) -> None:
    """Journal where the alias stands, if it was never seen or somebody moved it.

    A rollback that is being verified ends `superseded` when the alias has left its
    target. Nothing is noted while another process moves the alias, nor while it is not
    known what came of a move of Daywatch's own: the next sighting will tell.

    Args:
        workspace: Where it is journalled.
        model: Registered model name.
        at: When it is read.
        must_answer: Whether a registry that does not answer is an error; else it is
            logged. A day must not go unanswered for want of a record that the next
            sighting makes good.

    Raises:
        SourceUnavailableError: If the registry has to answer and does not.
    """
    alias = workspace.contract(model).alias
    try:
        with workspace.leases.hold(f"{model}@{alias}", holder=process_name()) as fence:
            current = workspace.rollbacks.open_of(model, alias)
            if current is not None and current.state in IN_DOUBT:
                return
            version = _alias_version(workspace, model, alias, must_answer=must_answer)
            if version is not None:
                _note(
                    workspace,
                    Sighting(
                        model=model, alias=alias, version=version, at=at, fence=fence
                    ),
                )
    except LeaseHeldError:
        return


def _alias_version(
    workspace: Workspace, model: str, alias: str, *, must_answer: bool
) -> str | None:
    """Return the version; empty without an alias, or for a model nobody registered.

    None when the registry does not answer and does not have to.
    """
    workspace.registry.ask_anew()
    try:
        return workspace.registry.alias_version(model, alias) or ""
    except VersionMissingError:
        return ""
    except (SourceUnavailableError, RegistryError) as error:
        if must_answer:
            raise
        logger.warning("where the alias stands is not noted: %s", error)
        return None


def _note(workspace: Workspace, sighting: Sighting) -> None:
    last = workspace.journal.last_stand(sighting.model, sighting.alias)
    line = line_of_sighting(sighting, last)
    if line is not None:
        workspace.journal.append(line)
    # Also where the move was Daywatch's own, or an earlier note was cut short.
    for rollback in overtaken(workspace.rollbacks.find(sighting.model), sighting):
        workspace.rollbacks.advance(
            rollback,
            RollbackState.SUPERSEDED,
            at=sighting.at,
            text=overtaken_text(rollback, sighting),
            fence=sighting.fence,
        )


def _executor(workspace: Workspace, now: datetime) -> Executor:
    def check(rollback: Rollback) -> tuple[Guard, ...]:
        return check_guards(collect_guard_facts(workspace, rollback, now=now))

    workspace.registry.ask_anew()
    return Executor(
        registry=workspace.registry,
        rollbacks=workspace.rollbacks,
        leases=workspace.leases,
        holder=process_name(),
        check=check,
        mark_versions=lambda rollback: _mark_versions(workspace, rollback),
    )


def _mark_versions(workspace: Workspace, rollback: Rollback) -> None:
    """Tag and describe both versions; doing it again changes nothing."""
    registry = workspace.registry
    tags = tags_of_move(rollback, journal_head=workspace.journal.head())
    for version, of_version in tags.items():
        registry.tag_version(rollback.model, version, of_version)
    text = description_of_move(rollback)
    for version in tags:
        registry.describe_version(rollback.model, version, text)
