"""Bad days that have not lasted: kept as candidates until they last or pass. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a candidate.

    Attributes:
        candidate: The candidate.
        into: Id of the incident it turned out to be a part of; None where it passed.
        text: Why, for its time line.
    """

    candidate: Incident
    into: str | None
    text: str


def is_candidate(decision: Decision) -> bool:
    """Whether a day is in breach, and nobody knows yet whether that lasts."""
    return decision.performance is Verdict.BREACH and not decision.confirmed


def settle_candidates(
    incidents: Iterable[Incident], *, day: date, window_days: int
) -> list[Settled]:
    """Return which candidates of a model are settled by what is known on a day.

    Args:
        incidents: All of the model.
        day: The day; candidates of later days are left alone.
        window_days: A bad day that lies further back counts for nothing any more.
    """
    listed = list(incidents)
    active = [i for i in listed if i.is_active]
    settled = []
    for candidate in listed:
        if candidate.state is not IncidentState.CANDIDATE or candidate.last_day > day:
            continue
        of = [i for i in active if i.onset_day <= candidate.last_day <= i.last_day]
        if of:
            text = f"it lasted: {of[0].id}"
            settled.append(Settled(candidate=candidate, into=of[0].id, text=text))
        elif candidate.last_day <= day - timedelta(days=window_days):
            text = f"it did not last: {window_days} days have passed"
            settled.append(Settled(candidate=candidate, into=None, text=text))
    return settled
