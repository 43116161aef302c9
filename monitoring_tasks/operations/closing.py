"""Reviewing and closing incidents: what lacks is said, and nothing is closed then."""

from dataclasses import dataclass, replace

from monitoring_tasks.domain.holds import HoldKind
from monitoring_tasks.domain.incident_closing import (
    Lack,
    ReviewFacts,
    lacks_for_closing,
    lacks_for_review,
)
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.regulatory_readings import blocks_closing
from monitoring_tasks.domain.rollbacks import DAYWATCH
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.learn.postmortem.front_matter import Postmortem
from monitoring_tasks.operations.accountability import require_reason
from monitoring_tasks.operations.governance.record_lookup import record_of
from monitoring_tasks.operations.incidents import incident_of
from monitoring_tasks.operations.postmortem.drafting import path_of, postmortem_of
from monitoring_tasks.operations.postmortem.reading import alias_moved
from monitoring_tasks.workspace.workspace import Workspace

S = IncidentState
REVIEWED = "reviewed-"
"""How the names of events begin that say which text was reviewed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An incident that was to go on.

    Attributes:
        incident: As it stands now.
        lacks: What it lacks; it did not go on where there is anything.
    """

    incident: Incident
    lacks: tuple[Lack, ...] = ()


def review_incident(workspace: Workspace, incident: str, entry: Entry) -> Moved:
    """Say that an incident was reviewed; the digest of the text is kept.

    Args:
        workspace: The workspace.
        incident: Its id.
        entry: Who says so, when and why.

    Raises:
        ConfigurationError: If the reason says nothing.
        LookupError: If there is no such incident.
        IllegalTransitionError: If it cannot be reviewed from where it stands.
    """
    require_reason(entry.text)
    about = incident_of(workspace, incident)
    facts = review_facts(workspace, about)
    lacks = lacks_for_review(about, facts)
    if lacks:
        return Moved(incident=about, lacks=lacks)
    if about.state is S.RESOLVED:
        due = replace(entry, actor=DAYWATCH, text="a review is due")
        workspace.incidents.take_to(incident, S.REVIEW_DUE, due)
    reviewed = workspace.incidents.take_to(incident, S.REVIEWED, entry)
    workspace.incident_work.tell(
        incident,
        f"{REVIEWED}{facts.digest[:12]}",
        replace(entry, text=f"the post-mortem was reviewed: {facts.digest[:12]}"),
        {"digest": facts.digest, "path": facts.postmortem},
    )
    return Moved(incident=reviewed)


def close_incident(workspace: Workspace, incident: str, entry: Entry) -> Moved:
    """Close an incident, for good; nothing opens it again.

    Args:
        workspace: The workspace.
        incident: Its id.
        entry: Who says so, when and why.

    Raises:
        ConfigurationError: If the reason says nothing.
        LookupError: If there is no such incident.
        IllegalTransitionError: If it cannot be closed from where it stands.
    """
    require_reason(entry.text)
    about = incident_of(workspace, incident)
    if about.state is S.CLOSED:
        return Moved(incident=about)
    lacks = lacks_for_closing(about, review_facts(workspace, about))
    if lacks:
        return Moved(incident=about, lacks=lacks)
    revision = about.revision
    closed = workspace.incidents.take_to(incident, S.CLOSED, entry, expected=revision)
    return Moved(incident=closed)


def review_facts(workspace: Workspace, incident: Incident) -> ReviewFacts:
    """Return what is known beside an incident when it is reviewed or closed.

    Args:
        workspace: The workspace; only read.
        incident: The incident.

    Raises:
        ConfigurationError: If the head of its post-mortem says something unknown.
    """
    read = postmortem_of(workspace, incident.id)
    holds = workspace.holds.active(incident.model)
    return ReviewFacts(
        alias_moved=alias_moved(workspace, incident),
        detected_externally=read is not None and read.detected_externally,
        postmortem=str(path_of(workspace, incident.id)),
        status=read.status if read else None,
        digest=read.digest if read else "",
        reviewed_digest=_reviewed_digest(workspace, incident, read),
        actions=workspace.incident_work.actions(incident.id),
        tests=len(workspace.incident_work.tests(incident.id)),
        regulatory=blocks_closing(record_of(workspace, incident.id)),
        legal_holds=tuple(h.id for h in holds if h.kind is HoldKind.LEGAL_HOLD),
    )


def _reviewed_digest(
    workspace: Workspace, incident: Incident, read: Postmortem | None
) -> str:
    """Return the digest of a text that was reviewed: the one there is, if it was."""
    digests = [
        str(event["detail"]["digest"])
        for event in workspace.incidents.events(incident.id)
        if event["event"].startswith(REVIEWED)
    ]
    if read is not None and read.digest in digests:
        return read.digest
    return digests[-1] if digests else ""
