"""A bad day written to the incident it belongs to, within a transaction."""

from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.episodes import Step, place_day
from monitoring_tasks.domain.incidents import Incident
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
    placed = place_day(shown, incidents, reopen_from=terms.reopen_from)
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
