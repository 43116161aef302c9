"""When an incident needs a review, until when, and what it lacks to be closed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incident_actions import ActionItem
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import PAGING

S = IncidentState
UNREVIEWED = frozenset({S.CANDIDATE, S.DISMISSED, S.MERGED, S.FALSE_POSITIVE})
"""No review is due where nothing happened, or another incident speaks for it."""
P0_DAYS = 3
"""Calendar days until a P0 is reviewed: PagerDuty's post-mortem policy."""
P1_WORKDAYS = 5
"""Working days until anything else that needs a review is reviewed: likewise."""
SATURDAY = 5


class PostmortemStatus(StrEnum):
    """Where a post-mortem stands, as its front matter says."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something an incident lacks to go on.

    Attributes:
        text: What is missing, a sentence.
        command: What to type about it.
    """

    text: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFacts:
    """What is known beside an incident when it is to be reviewed or closed.

    Attributes:
        alias_moved: Whether an alias was moved because of it.
        detected_externally: Whether others found it before Daywatch did.
        postmortem: Path of the post-mortem; empty where there is none.
        status: Where the post-mortem stands; None where there is none.
        digest: SHA-256 of the post-mortem's text now; empty where there is none.
        reviewed_digest: SHA-256 of the text that was reviewed; empty before that.
        actions: Its action items.
        tests: How many tests it has left behind.
        regulatory: Why its regulatory record holds it; None where nothing does.
        legal_holds: Ids of the legal holds on its model.
    """

    alias_moved: bool = False
    detected_externally: bool = False
    postmortem: str = ""
    status: PostmortemStatus | None = None
    digest: str = ""
    reviewed_digest: str = ""
    actions: Sequence[ActionItem] = ()
    tests: int = 0
    regulatory: str | None = None
    legal_holds: Sequence[str] = ()


def needs_review(
    incident: Incident, *, alias_moved: bool, detected_externally: bool
) -> bool:
    """Whether an incident is closed by way of a post-mortem only.

    Args:
        incident: As it stands.
        alias_moved: Whether an alias was moved because of it.
        detected_externally: Whether others found it before Daywatch did.
    """
    if incident.state in UNREVIEWED:
        return False
    return incident.severity in PAGING or alias_moved or detected_externally


def review_due_at(
    incident: Incident,
    severity: Severity,
    resolved_at: datetime | None,
    zone: tzinfo,
) -> datetime | None:
    """Return when the review of an incident has to be done; None where none is due.

    A P0 within three calendar days, anything else within five working days, Monday to
    Friday, each to the end of the day by the model's own calendar.

    Args:
        incident: As it stands.
        severity: The gravest it counts as.
        resolved_at: When the trouble was over; None while it lasts.
        zone: The model's time zone.
    """
    if resolved_at is None or incident.state in UNREVIEWED:
        return None
    day = resolved_at.astimezone(zone).date()
    if severity is Severity.P0:
        day += timedelta(days=P0_DAYS)
    else:
        left = P1_WORKDAYS
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < SATURDAY
    return datetime.combine(day + timedelta(days=1), time(), zone)


def lacks_for_review(incident: Incident, facts: ReviewFacts) -> tuple[Lack, ...]:
    """Return what an incident lacks to be called reviewed.

    Args:
        incident: As it stands.
        facts: What is known beside it.
    """
    lacks = []
    if incident.is_active:
        lacks.append(
            Lack(
                text=f"{incident.id} is {incident.state}: the trouble is not over",
                command=f"daywatch incident resolve {incident.id} --reason ...",
            )
        )
    return (*lacks, *_postmortem_lacks(incident, facts))


def lacks_for_closing(incident: Incident, facts: ReviewFacts) -> tuple[Lack, ...]:
    """Return what an incident lacks to be closed.

    Args:
        incident: As it stands.
        facts: What is known beside it.
    """
    lacks: list[Lack] = []
    is_reviewed = incident.state is S.REVIEWED
    is_as_reviewed = facts.status is not None and facts.reviewed_digest == facts.digest
    if is_reviewed and not is_as_reviewed:
        lacks.append(_changed(incident, facts))
    elif not is_reviewed:
        lacks += lacks_for_review(incident, facts) if _asks(incident, facts) else ()
        lacks += () if lacks else _state_lacks(incident, facts)
    lacks += [_unplanned(incident, a) for a in facts.actions if not a.is_planned]
    if incident.severity in PAGING and not facts.tests:
        lacks.append(_untested(incident))
    if facts.regulatory is not None:
        command = f"daywatch governance record show {incident.id}"
        lacks.append(Lack(text=facts.regulatory, command=command))
    for hold in facts.legal_holds:
        text = f"the legal hold {hold} acts on {incident.model}"
        command = f"daywatch hold release {hold} --reason ..."
        lacks.append(Lack(text=text, command=command))
    return tuple(lacks)


def _asks(incident: Incident, facts: ReviewFacts) -> bool:
    is_due = incident.state is S.REVIEW_DUE
    return is_due or needs_review(
        incident,
        alias_moved=facts.alias_moved,
        detected_externally=facts.detected_externally,
    )


def _state_lacks(incident: Incident, facts: ReviewFacts) -> tuple[Lack, ...]:
    """Return what lacks where nothing but the state stands in the way."""
    if incident.is_active:
        return lacks_for_review(incident, facts)[:1]
    if not _asks(incident, facts):
        return ()
    text = f"{incident.id} was not reviewed"
    command = f"daywatch incident review {incident.id} --reason ..."
    return (Lack(text=text, command=command),)


def _postmortem_lacks(incident: Incident, facts: ReviewFacts) -> tuple[Lack, ...]:
    if facts.status is None:
        text = f"{incident.id} has no post-mortem"
        command = f"daywatch postmortem draft {incident.id}"
        return (Lack(text=text, command=command),)
    if facts.status is not PostmortemStatus.REVIEWED:
        text = f"the post-mortem is {facts.status}: {facts.postmortem}"
        command = "set `status: reviewed` in its front matter once it is"
        return (Lack(text=text, command=command),)
    return ()


def _changed(incident: Incident, facts: ReviewFacts) -> Lack:
    if facts.status is None:
        return Lack(
            text="the post-mortem that was reviewed is gone",
            command=f"put {facts.postmortem or incident.id + '.md'} back from git",
        )
    return Lack(
        text=f"the post-mortem was changed since it was reviewed: {facts.postmortem}",
        command=f"daywatch incident review {incident.id} --reason ...",
    )


def _unplanned(incident: Incident, action: ActionItem) -> Lack:
    missing = [
        word
        for word, is_there in (("owner", action.owner), ("day it is due", action.due))
        if not is_there
    ]
    return Lack(
        text=f"the action item {action.id} has no {' and no '.join(missing)}",
        command=(
            f"daywatch postmortem action plan {incident.id} {action.id} --owner NAME "
            "--due DAY"
        ),
    )


def _untested(incident: Incident) -> Lack:
    return Lack(
        text=f"{incident.id} is a {incident.severity} and has left no test behind",
        command=f"daywatch postmortem test add {incident.id} --replay",
    )
