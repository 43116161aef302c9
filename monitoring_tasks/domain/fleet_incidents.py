"""Incidents about more than one model: common causes, and digests of held pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zlib import crc32

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import (
    Incident,
    IncidentState,
    graver,
    moved_to,
)
from monitoring_tasks.domain.paging import (
    FLEET,
    PAGING,
    began_together,
    digest_id,
    is_digest,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonCause:
    """Incidents of several models that began together below one upstream.

    Attributes:
        incident: The incident that speaks for them, as it would be opened.
        parts: The incidents it speaks for, the reported one first.
        text: What is said of it.
    """

    incident: Incident
    parts: tuple[Incident, ...]
    text: str


def find_common_cause(
    reported: Incident,
    active: Sequence[Incident],
    open_for: Callable[[str], Incident | None],
    *,
    needed: int,
    at: datetime,
) -> CommonCause | None:
    """Find what a reported incident has in common with those of other models.

    Args:
        reported: The incident.
        active: The active incidents of all models.
        open_for: From an upstream to the active common cause that stands for it.
        needed: So many models in trouble together have one cause, its own included.
        at: When it is reported.

    Returns:
        The first common cause, in the order of the incident's upstreams; None where
        too few others began with it.
    """
    for upstream in reported.upstreams:
        standing = open_for(upstream)
        free = [incident for incident in active if _may_join(incident, standing)]
        others = began_together(reported, free, upstream, needed=needed)
        if others:
            return _common_cause(upstream, (reported, *others), at=at)
    return None


def digest_of(incident: Incident, *, pages_a_week: int, at: datetime) -> Incident:
    """Return the day's digest as an incident over the budget would open it.

    Args:
        incident: The incident whose page is held back.
        pages_a_week: How many pages the fleet may have in seven days.
        at: When it is reported.
    """
    return Incident(
        id=digest_id(at.date()),
        model=FLEET,
        cause=Cause.UNDETERMINED,
        state=IncidentState.OPEN,
        severity=Severity.P2,
        version="",
        onset_day=incident.onset_day,
        last_day=incident.last_day,
        title=digest_text(pages_a_week)[:200],
        opened_at=at,
    )


def digest_text(pages_a_week: int) -> str:
    """Say why pages are gathered."""
    return (
        f"the fleet has had its {pages_a_week} pages for seven days; further "
        "pages are gathered here"
    )


def absorb(active: Incident, wanted: Incident) -> Incident:
    """Add what a new incident of the fleet would say to the one that is active.

    Args:
        active: The incident that stands; its id is kept.
        wanted: The one that would be opened; its title is the newer.
    """
    return replace(
        active,
        severity=graver(active.severity, wanted.severity),
        onset_day=min(active.onset_day, wanted.onset_day),
        last_day=max(active.last_day, wanted.last_day),
        title=wanted.title,
    )


def mark_paged(
    common: Incident, parts: Sequence[Incident], *, at: datetime
) -> Incident:
    """Mark a common cause as paged about, once, unless all its parts are silenced.

    Args:
        common: The incident that speaks for the parts.
        parts: Those of them that ask for it now.
        at: When somebody is to be paged.
    """
    is_silenced = all(part.silenced_by is not None for part in parts)
    was_paged = common.paged_at is not None
    return common if was_paged or is_silenced else replace(common, paged_at=at)


def is_part_of_common_cause(incident: Incident) -> bool:
    """Whether an incident was merged into a common cause; a digest is none."""
    return incident.merged_into is not None and not is_digest(incident.merged_into)


def close_with_parts(
    parent: Incident, *, at: datetime, resolved_day: date | None
) -> Incident | None:
    """Close an incident whose parts are all over; None where a person has to.

    Args:
        parent: The incident that spoke for them.
        at: When.
        resolved_day: The day that ended its last part.
    """
    # P0 and P1 are left for a person to close.
    if parent.severity in PAGING:
        return None
    return moved_to(parent, IncidentState.RESOLVED, at=at, day=resolved_day)


def _may_join(incident: Incident, standing: Incident | None) -> bool:
    into = incident.merged_into
    # A digest only gathers pages: it says nothing of a cause.
    if into is None or is_digest(into):
        return True
    return standing is not None and into == standing.id


def _common_cause(
    upstream: str, parts: tuple[Incident, ...], *, at: datetime
) -> CommonCause:
    models = sorted({part.model for part in parts})
    text = f"{len(models)} models broke together, fed by {upstream}: "
    text += ", ".join(models)
    reported = parts[0]
    incident = Incident(
        id=f"common_cause-{reported.last_day}-{crc32(upstream.encode()):08x}",
        model=FLEET + upstream,
        cause=Cause.COMMON_CAUSE,
        state=IncidentState.OPEN,
        # P1 at least: several models at once need a person now.
        severity=min(Severity.P1, *(part.severity for part in parts)),
        version="",
        onset_day=min(part.onset_day for part in parts),
        last_day=max(part.last_day for part in parts),
        title=text[:200],
        opened_at=at,
    )
    return CommonCause(incident=incident, parts=parts, text=text)
