"""What people put on the regulatory record of an incident. No legal advice.

Facts are the machine's, judgements a person's. Nothing here sets whether the Act
applies, sends anything or takes a clock away by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitoring_tasks.domain.json_values import JsonObject, plain_json
from monitoring_tasks.domain.regulatory_clocks import CLOCKS
from monitoring_tasks.domain.regulatory_events import (
    ChainedEvent,
    EventKind,
    RegulatoryEvent,
)
from monitoring_tasks.domain.regulatory_records import (
    CAUSAL_LINKS,
    QUESTIONS,
    REPORT_KINDS,
)
from monitoring_tasks.errors import ConfigurationError, IllegalTransitionError
from monitoring_tasks.operations.accountability import person, require_reason
from monitoring_tasks.operations.governance.record_lookup import (
    find_incident,
    find_record,
    record_of,
)
from monitoring_tasks.operations.governance.regulatory_facts import facts_of
from monitoring_tasks.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who says something, and why.

    Attributes:
        actor: Who.
        reason: Why, ten characters or more.
    """

    actor: str
    reason: str


def open_record(workspace: Workspace, incident: str, author: Author) -> ChainedEvent:
    """Open the record of an incident with the facts known now; nothing is assessed.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        author: Who opens it, and why.

    Raises:
        ConfigurationError: If the reason says nothing.
        IllegalTransitionError: If it is open already.
        LookupError: If there is no such incident.
    """
    stored = find_incident(workspace, incident)
    if record_of(workspace, incident) is not None:
        msg = f"the regulatory record of {incident} is open already"
        raise IllegalTransitionError(msg)
    facts = facts_of(workspace, stored)
    return _append(workspace, incident, EventKind.OPENED, author, detail=facts)


def assess(
    workspace: Workspace, incident: str, answers: Mapping[str, str], author: Author
) -> ChainedEvent:
    """Keep what a person answers to questions of the record.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        answers: Answer by question; at least one.
        author: Who answers, and why so.

    Raises:
        ConfigurationError: If a question or an answer is none, or the reason says
            nothing.
        LookupError: If the record was not opened.
    """
    if not answers:
        msg = f"say at least one QUESTION=ANSWER; questions: {', '.join(QUESTIONS)}"
        raise ConfigurationError(msg)
    for question, answer in answers.items():
        if question not in QUESTIONS:
            msg = f"'{question}' is no question; there are: {', '.join(QUESTIONS)}"
            raise ConfigurationError(msg)
        _require_among(question, answer, QUESTIONS[question] or (answer,))
    find_record(workspace, incident)
    return _append(workspace, incident, EventKind.ASSESSED, author, detail=answers)


def set_aware(
    workspace: Workspace, incident: str, aware_at: datetime, author: Author
) -> ChainedEvent:
    """Keep since when somebody is aware of a serious incident: the clocks run from it.

    Said again, the last word counts; the earlier ones stay on the record.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        aware_at: The instant; aware, not after now.
        author: Who says so, and how it is known.

    Raises:
        ConfigurationError: If it lies ahead, or the reason says nothing.
        LookupError: If the record was not opened.
    """
    find_record(workspace, incident)
    _require_past(workspace, aware_at, "--at")
    detail = {"aware_at": aware_at.isoformat()}
    return _append(workspace, incident, EventKind.AWARE, author, detail=detail)


def set_causal_link(
    workspace: Workspace, incident: str, status: str, author: Author
) -> ChainedEvent:
    """Keep what a person says of a link between the system and the incident.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        status: `none`, `suspected`, `reasonable_likelihood` or `established`.
        author: Who says so, and on what ground.

    Raises:
        ConfigurationError: If it is no such status, or the reason says nothing.
        LookupError: If the record was not opened.
    """
    find_record(workspace, incident)
    _require_among("causal link", status, CAUSAL_LINKS)
    detail = {"status": status}
    return _append(workspace, incident, EventKind.CAUSAL_LINK, author, detail=detail)


def add_measure(
    workspace: Workspace, incident: str, text: str, author: Author, *, alters: bool
) -> ChainedEvent:
    """Keep what was done about the incident.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        text: What was done, e.g. that use was suspended.
        author: Who did it, and why.
        alters: Whether it alters the system in a way that may affect a later
            evaluation of the causes (Article 73(6)).

    Raises:
        ConfigurationError: If the reason says nothing.
        LookupError: If the record was not opened.
    """
    find_record(workspace, incident)
    detail = {"text": text, "alters_system": alters}
    return _append(workspace, incident, EventKind.MEASURE, author, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a person sent to somebody outside; Daywatch sends nothing.

    Attributes:
        clocks: Ids of the clocks it meets.
        report_kind: `initial`, `complete` or `supplement`.
        submitted_at: When it was sent; aware.
        reference: The receiver's reference, or where a copy lies.
    """

    clocks: tuple[str, ...]
    report_kind: str
    submitted_at: datetime
    reference: str


def note_submission(
    workspace: Workspace, incident: str, submission: Submission, author: Author
) -> ChainedEvent:
    """Keep that a person has sent a report, and which clocks it meets.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        submission: What was sent.
        author: Who sent it, and to whom.

    Raises:
        ConfigurationError: If a clock or kind is none, it lies ahead, or the reason
            says nothing.
        LookupError: If the record was not opened.
    """
    find_record(workspace, incident)
    _require_clocks(submission.clocks)
    _require_among("report", submission.report_kind, REPORT_KINDS)
    _require_past(workspace, submission.submitted_at, "--at")
    detail = {
        "clocks": list(submission.clocks),
        "report_kind": submission.report_kind,
        "submitted_at": submission.submitted_at.isoformat(),
        "reference": submission.reference,
    }
    return _append(
        workspace, incident, EventKind.SUBMISSION_NOTED, author, detail=detail
    )


def set_not_required(
    workspace: Workspace, incident: str, clocks: Sequence[str], author: Author
) -> ChainedEvent:
    """Keep that a person says clocks are not required; only a person may.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        clocks: Their ids.
        author: Who says so, and on what ground.

    Raises:
        ConfigurationError: If a clock is none, or the reason says nothing.
        LookupError: If the record was not opened.
    """
    find_record(workspace, incident)
    _require_clocks(clocks)
    detail = {"clocks": list(clocks)}
    return _append(workspace, incident, EventKind.NOT_REQUIRED, author, detail=detail)


def _append(
    workspace: Workspace,
    incident: str,
    kind: EventKind,
    author: Author,
    *,
    detail: JsonObject,
) -> ChainedEvent:
    require_reason(author.reason)
    event = RegulatoryEvent(
        incident=incident,
        kind=kind,
        at=workspace.clock.now(),
        # Never Daywatch: whoever has its name as login is told from it.
        actor=person(author.actor),
        reason=author.reason.strip(),
        detail=plain_json(dict(detail)),
    )
    return workspace.regulatory_events.append(event)


def _require_clocks(clocks: Sequence[str]) -> None:
    there = tuple(clock.id for clock in CLOCKS)
    if not clocks:
        msg = f"name at least one --clock: {', '.join(there)}"
        raise ConfigurationError(msg)
    for clock in clocks:
        _require_among("clock", clock, there)


def _require_among(what: str, value: Any, allowed: Sequence[Any]) -> None:  # noqa: ANN401
    if value not in allowed:
        msg = f"{what}: '{value}' is none of {', '.join(map(str, allowed))}"
        raise ConfigurationError(msg)


def _require_past(workspace: Workspace, instant: datetime, option: str) -> None:
    if instant > (now := workspace.clock.now()):
        msg = f"{option} {instant.isoformat()} lies ahead of now ({now.isoformat()})"
        raise ConfigurationError(msg)
