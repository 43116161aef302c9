"""Regulatory records as they are shown: facts, answers, clocks and what is open."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from monitoring_tasks.domain.json_values import plain_json
from monitoring_tasks.domain.regulatory_readings import (
    ClockReading,
    blocks_closing,
    next_due,
    read_clocks,
)
from monitoring_tasks.domain.regulatory_records import (
    QUESTIONS,
    UNASSESSED,
    RegulatoryRecord,
    record_from,
)
from monitoring_tasks.operations.governance.quotes import DISCLAIMER, legal_quotes
from monitoring_tasks.operations.governance.record_lookup import (
    find_incident,
    find_record,
)
from monitoring_tasks.operations.governance.regulatory_facts import alias_moves
from monitoring_tasks.workspace.workspace import Workspace


def record_view(workspace: Workspace, incident: str) -> dict[str, Any]:
    """Return the record of an incident with its clocks as they stand now.

    Args:
        workspace: The workspace; only read.
        incident: Id of the incident.

    Raises:
        LookupError: If there is no such incident, or no record of it.
    """
    record = find_record(workspace, incident)
    moves = alias_moves(workspace, find_incident(workspace, incident))
    shown = record_fields(record) | {
        "clocks": clock_rows(record, workspace.clock.now()),
        "alteration_log": [
            move | {"after_a_submission": _after_submission(record, move["at"])}
            for move in moves
        ],
    }
    view: dict[str, Any] = plain_json(shown)
    return view


def records_view(
    workspace: Workspace, model: str | None = None
) -> list[dict[str, Any]]:
    """Return what is due of every record, the shortest time first.

    Args:
        workspace: The workspace; only read.
        model: Registered model name; None for all.
    """
    now = workspace.clock.now()
    rows = [
        _line(record, now)
        for record in all_records(workspace)
        if model in {None, record.facts["model"]}
    ]
    rows.sort(key=lambda row: (row["due_at"] is None, row["due_at"] or "", row["id"]))
    return rows


def all_records(workspace: Workspace) -> list[RegulatoryRecord]:
    """Return every record, by incident.

    Args:
        workspace: The workspace; only read.
    """
    events = workspace.regulatory_events.events()
    incidents = sorted({event.incident for event in events})
    records = [record_from(e for e in events if e.incident == i) for i in incidents]
    return [record for record in records if record is not None]


def record_fields(record: RegulatoryRecord) -> dict[str, Any]:
    """Return what does not depend on the time of day, every question among it.

    Args:
        record: The record.
    """
    link = record.causal_link
    return {
        "disclaimer": DISCLAIMER,
        "id": _id(record),
        "incident": record.incident,
        "opened_at": record.opened_at,
        "opened_by": record.opened_by,
        "facts": dict(record.facts),
        "answers": {
            question: asdict(record.answers[question])
            if question in record.answers
            else {"value": UNASSESSED}
            for question in QUESTIONS
        },
        "aware": asdict(record.aware) if record.aware else {"value": UNASSESSED},
        "causal_link": asdict(link) if link else {"value": UNASSESSED},
        "measures": [asdict(said) for said in record.measures],
        "submissions": [asdict(said) for said in record.submissions],
        "not_required": {k: asdict(v) for k, v in record.not_required.items()},
        "blocks_closing": blocks_closing(record),
        "events": record.events,
    }


def clock_rows(record: RegulatoryRecord, now: datetime) -> list[dict[str, Any]]:
    """Return every clock with its sentence of law and the time left.

    Args:
        record: The record.
        now: The instant; aware.
    """
    return [_clock(reading, now) for reading in read_clocks(record, now)]


def _clock(reading: ClockReading, now: datetime) -> dict[str, Any]:
    clock, due = reading.clock, reading.due
    quote = legal_quotes()[clock.id]
    left = (due.at - now).total_seconds() / 3600 if due and reading.is_open else None
    return {
        "id": clock.id,
        "article": clock.article,
        "duty": clock.duty,
        "days": clock.days,
        "state": reading.state.value,
        "trigger": reading.trigger,
        "due_day": due and due.day.isoformat(),
        "due_at": due and due.at.isoformat(),
        "hours_left": left,
        "quote": quote.quote,
        "source": quote.url,
    }


def _line(record: RegulatoryRecord, now: datetime) -> dict[str, Any]:
    readings = read_clocks(record, now)
    shortest = next_due(readings)
    due = shortest.due if shortest else None
    return {
        "id": _id(record),
        "incident": record.incident,
        "model": record.facts["model"],
        "applicability": record.answer("applicability"),
        "next_clock": shortest.clock.id if shortest else None,
        "due_day": due and due.day.isoformat(),
        "due_at": due and due.at.isoformat(),
        "hours_left": (due.at - now).total_seconds() / 3600 if due else None,
        "overdue": [r.clock.id for r in readings if r.state == "overdue"],
        "blocks_closing": blocks_closing(record),
    }


def _id(record: RegulatoryRecord) -> str:
    return f"eu-ai-act-{record.incident}"


def _after_submission(record: RegulatoryRecord, at: str) -> bool:
    """Whether an authority had been written to before, as far as anybody noted it."""
    moved = datetime.fromisoformat(at)
    return any(
        datetime.fromisoformat(said.value["submitted_at"]) <= moved
        for said in record.submissions
    )
