"""A bad day written to the incident it belongs to, within a transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.episodes import Step, place_day
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import Terms
from monitoring_tasks.store.incident_tables import IncidentRow
from monitoring_tasks.store.incident_writes import add_event, insert, save, select


def write_day(
    connection: sa.Connection,
    shown: Incident,
    terms: Terms,
    *,
    text: str,
    detail: dict[str, Any],
) -> Incident:
    """Add a day to the incident it belongs to; open or re-open one if need be.

    Args:
        connection: Of the transaction in which the incident is reported.
        shown: The incident as the day alone shows it.
        terms: On what terms it is reported.
        text: What was seen, for the time line.
        detail: The evidence, JSON only.
    """
    incidents = select(connection, IncidentRow.model == shown.model)
    placed = place_day(
        shown,
        incidents,
        reopen_from=terms.reopen_from,
        targets=_targets(connection, incidents),
    )
    if placed.step is Step.NOTHING:
        return placed.incident
    event = f"seen-{shown.last_day}"
    if placed.step is Step.OPENED:
        insert(connection, placed.incident)
        event = "opened"
    else:
        save(connection, placed.incident)
    if placed.step is Step.REOPENED:
        text = f"opened again: {text}"
    if placed.is_news:
        at = shown.opened_at
        add_event(connection, placed.incident, event, at=at, text=text, detail=detail)
    return placed.incident


def _targets(
    connection: sa.Connection, incidents: Sequence[Incident]
) -> list[Incident]:
    """Load what incidents were merged into, and what those were, of other models."""
    loaded: dict[str, Incident] = {}
    wanted = _merged(incidents)
    while wanted:
        found = select(connection, IncidentRow.id.in_(wanted))
        loaded |= {incident.id: incident for incident in found}
        wanted = _merged(found) - set(loaded)
    return list(loaded.values())


def _merged(incidents: Iterable[Incident]) -> set[str]:
    return {
        incident.merged_into
        for incident in incidents
        if incident.state is IncidentState.MERGED and incident.merged_into is not None
    }
