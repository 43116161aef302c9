"""Whether an incident asks for a person now, and if not, why not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.silences import Silence

FLEET = "*"
"""Begins the `model` of an incident about more than one; no model's name does."""
PAGING = frozenset({Severity.P0, Severity.P1})
"""Severities about which somebody is paged; the others wait to be looked at."""
WEEK = timedelta(days=7)
TOGETHER = timedelta(days=1)
"""Trouble that begins so close to each other began together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms an incident is reported. The defaults hold nothing back.

    Attributes:
        tier: Tier of the model.
        silences: Those that act at the instant of judging.
        segments: Segments of the numbers in breach.
        common_models: So many models in trouble together have one cause.
        reopen_from: An incident that ended on this day or later is opened again; None
            for never.
        pages_a_week: Pages of the whole fleet in seven days; None for any number.
    """

    tier: int = 1
    silences: tuple[Silence, ...] = ()
    segments: frozenset[str] = frozenset()
    common_models: int = 3
    reopen_from: date | None = None
    pages_a_week: int | None = None


class Page(StrEnum):
    """What becomes of an incident's page at a report."""

    NOW = "now"
    NOT_NEEDED = "not needed"
    OVER_BUDGET = "over budget"


def silence_over(incident: Incident, terms: Terms) -> Silence | None:
    """Return the silence that covers an incident as it stands now; None if none does.

    Args:
        incident: As it stands now.
        terms: With the silences that act at the instant of judging.
    """
    covering = (
        silence
        for silence in terms.silences
        if silence.covers(incident.cause, incident.severity, terms.segments)
    )
    return next(covering, None)


def page_reason(
    incident: Incident, terms: Terms, paged: Sequence[Incident], *, is_part: bool
) -> Page:
    """Say whether an incident pages, or why not: once, if grave, unless merged or held.

    No P0 is silenced or held back by the budget; only a common cause, which pages for
    all its parts, speaks for one. A P1 does not page when it is a part of any incident
    of the fleet, when it is silenced, or when the fleet has had its pages of the week,
    unless it is the first of a tier-1 model.

    Args:
        incident: As it stands now, silenced or not.
        terms: On what terms it is reported.
        paged: Other incidents about which somebody was paged within a week.
        is_part: Whether an active incident of the fleet speaks for it.
    """
    is_p0 = incident.severity is Severity.P0
    # A digest is no page: it speaks for no P0.
    is_spoken_for = is_part and not (is_p0 and is_digest(incident.merged_into or ""))
    is_quiet = incident.paged_at is not None or incident.silenced_by is not None
    if is_quiet or is_spoken_for or incident.severity not in PAGING:
        return Page.NOT_NEEDED
    # A budget must never hide the first word of a critical model.
    is_first = terms.tier == 1 and incident.model not in {
        other.model for other in paged
    }
    most = terms.pages_a_week
    if is_p0 or is_first or most is None or len(paged) < most:
        return Page.NOW
    return Page.OVER_BUDGET


def began_together(
    incident: Incident, others: Sequence[Incident], upstream: str, *, needed: int
) -> list[Incident]:
    """Return the other models' incidents that share an upstream and a beginning.

    Nothing if they are too few: `needed` counts models, the incident's own included.
    Order does not matter: whoever comes last finds the others.

    Args:
        incident: The incident that has just been seen.
        others: Active incidents of the fleet, its own among them or not.
        upstream: What its rows come from: one of its `upstreams`.
        needed: Models that have to be in trouble together, >= 1.
    """
    together = [
        other
        for other in others
        if other.model != incident.model
        and upstream in other.upstreams
        and abs(other.onset_day - incident.onset_day) <= TOGETHER
    ]
    models = {incident.model, *(other.model for other in together)}
    return together if len(models) >= needed else []


def digest_id(day: date) -> str:
    """Name the incident that gathers what the week's budget holds back."""
    return f"digest-{day}"


def is_digest(incident: str) -> bool:
    """Whether an id names a digest."""
    return incident.startswith("digest-")


def valid_since(days: Sequence[date], *, count: int) -> date | None:
    """Return the day an incident must have ended on, or later, to be opened again.

    Args:
        days: The valid days before the new bad one, oldest first.
        count: Within how many valid days, the bad one included; 0 for never.

    Returns:
        The first day that still counts; `date.min` when fewer days are known.
    """
    if count == 0:
        return None
    return days[-count] if len(days) >= count else date.min
