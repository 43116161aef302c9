"""What the days before a day, and people, said of the version that serves it."""

from datetime import date
from typing import TYPE_CHECKING

from monitoring_tasks.domain.candidates import Candidate
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.releases import PairedDay, Release, ServedDay
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.version_tags import QUARANTINE_TAG
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.store.served_days import paired_days, served_days

if TYPE_CHECKING:
    from monitoring_tasks.workspace.day import Day


def served_before(day: "Day", *, days: int) -> list[ServedDay]:
    """Return which version served each of the days before, oldest first.

    Args:
        day: The day they come before.
        days: How many of them are read; those without a verdict are left out.
    """
    return served_days(day.workspace.database, day.unit, days=days)


def registered_candidates(day: "Day") -> list[Candidate]:
    """List every registered version of the day's model, newest first."""
    return [
        Candidate(
            version=version.version,
            trained_until=version.trained_until,
            is_withdrawn=bool(version.tags.get(QUARANTINE_TAG)),
        )
        for version in day.workspace.versions(day.model)
    ]


def paired_before(day: "Day", release: Release, metric: str) -> list[PairedDay]:
    """Return what the days before said of a release and what it replaced, oldest first.

    Args:
        day: The day they come before.
        release: The release.
        metric: The metric both were compared by.
    """
    return paired_days(
        day.workspace.database,
        day.unit,
        since=release.since,
        version=release.version,
        compared=Comparison(version=release.replaced, metric=metric),
    )


def mended_on(day: "Day", version: str) -> date | None:
    """Return the day on which a person last resolved an incident about a version.

    In live mode only: other modes show what Daywatch finds by itself.

    Args:
        day: The day that is judged.
        version: The version that incidents of cause `model` are about.
    """
    if day.unit.mode is not Mode.LIVE:
        return None
    resolved = [
        day_of(incident.resolved_at, day.contract.timezone)
        for incident in day.workspace.incidents.find(day.model)
        if (incident.cause, incident.version) == (Cause.MODEL, version)
        and incident.resolved_at is not None
        and incident.resolved_at <= day.unit.as_of
        and incident.is_ended_by_a_person
    ]
    return max(resolved, default=None)
