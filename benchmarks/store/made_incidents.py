"""What years of many models leave of incidents: events, messages, moves, silences."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from benchmarks.store.made_store import (
    DIGEST,
    EVIDENCE,
    VERSION,
    Size,
    model_name,
    unit_of,
)
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import Table, table_of
from monitoring_tasks.store.incident_tables import (
    HeardEventRow,
    IncidentActionRow,
    IncidentEventRow,
    IncidentRow,
    MessageRow,
    SilenceEventRow,
    SilenceRow,
)
from monitoring_tasks.store.schema import JournalRow, RollbackRow

BETWEEN_INCIDENTS = 60
"""Days from an incident of a model to its next one."""
EVENTS, MESSAGES, LINES = 6, 3, 6
"""Of each incident: lines on its time line, messages, lines of the journal."""
AT_ONCE = 5_000
GUARDS = [
    {"name": f"guard_{n}", "passed": True, "seen": "so", "needed": "so", "group": "G1",
     "skippable": False}
    for n in range(8)
]  # fmt: skip
Rows = Iterator[dict[str, Any]]


def fill_incidents(
    database: Database, size: Size, progress: Callable[[str], None]
) -> None:
    """Fill a store with what happened about the days that it has.

    Args:
        database: The store, filled with days.
        size: How much was made.
        progress: Told what is made next.
    """
    made: list[tuple[type[Table], Callable[[int, str, date, bool], Rows]]] = [
        (IncidentRow, _incident),
        (IncidentEventRow, _events),
        (MessageRow, _messages),
        (HeardEventRow, _heard),
        (IncidentActionRow, _actions),
        (RollbackRow, _rollbacks),
        (JournalRow, _lines),
        (SilenceRow, _silences),
        (SilenceEventRow, _silence_events),
    ]
    for table, rows_of in made:
        progress(table.__tablename__)
        rows = (
            row
            for number, (model, onset, is_last) in enumerate(_onsets(size))
            for row in rows_of(number, model, onset, is_last)
        )
        while several := list(islice(rows, AT_ONCE)):
            with database.transaction() as connection:
                connection.execute(sa.insert(table_of(table)), several)


def _onsets(size: Size) -> Iterator[tuple[str, date, bool]]:
    """Yield model and first bad day of each incident; the last of some is active."""
    for day in range(0, size.days, BETWEEN_INCIDENTS):
        for number in range(size.models):
            onset = size.first_day + timedelta(days=day)
            is_last = day + BETWEEN_INCIDENTS >= size.days
            yield model_name(number), onset, is_last and number % 10 == 0


def incident_id(model: str, onset: date) -> str:
    """Return the id of a made incident."""
    return f"{model}-{Cause.MODEL}-{onset}"


def _at(onset: date, hours: int = 0) -> datetime:
    return datetime.combine(onset + timedelta(days=1), time(6), UTC) + timedelta(
        hours=hours
    )


def _incident(number: int, model: str, onset: date, is_active: bool) -> Rows:  # noqa: FBT001
    ended = None if is_active else onset + timedelta(days=2)
    yield {
        "id": incident_id(model, onset), "model": model, "cause": Cause.MODEL.value,
        "state": "open" if is_active else "closed", "severity": "P2",
        "version": VERSION, "onset_day": onset, "last_day": onset + timedelta(days=1),
        "title": f"{model}: performance is below what was promised",
        "opened_at": _at(onset), "is_active": is_active, "reopened": 0,
        "is_flapping": False, "upstreams": ["lake"], "resolved_day": ended,
        "silenced_by": None, "merged_into": None,
        "paged_at": _at(onset) if number % 4 == 0 else None, "segments": ["all"],
        "acknowledged_at": None, "mitigated_at": None,
        "resolved_at": None if is_active else _at(onset, 48), "commander": None,
        "scribe": None, "assignee": None, "escalation": 0, "revision": 3,
    }  # fmt: skip


def _events(number: int, model: str, onset: date, is_active: bool) -> Rows:  # noqa: FBT001
    del is_active
    for event in range(EVENTS):
        yield {
            "incident": incident_id(model, onset),
            "event": "opened" if event == 0 else f"{event:04d}-note",
            "at": _at(onset, event), "actor": "daywatch", "kind": "open",
            "text": "performance is below what was promised", "detail": EVIDENCE,
            "number": number * EVENTS + event + 1, "previous": DIGEST, "digest": DIGEST,
        }  # fmt: skip


def _messages(number: int, model: str, onset: date, is_active: bool) -> Rows:  # noqa: FBT001
    for message in range(MESSAGES):
        waits = is_active and message == MESSAGES - 1
        yield {
            "id": f"{number:08d}{message:02d}{DIGEST[:20]}", "occasion": "opened",
            "channel": f"chat-{message}", "incident": incident_id(model, onset),
            "model": model,
            "severity": "P2", "subject": EVIDENCE, "is_gathered": False,
            "state": "waiting" if waits else "sent", "created_at": _at(onset),
            "due_at": _at(onset), "attempts": 1, "fault": "",
            "notice": EVIDENCE | {"headline": "performance"}, "receipt": {"ts": "1"},
            "sent_at": None if waits else _at(onset, 1),
        }  # fmt: skip


def _heard(number: int, model: str, onset: date, is_active: bool) -> Rows:  # noqa: FBT001
    del is_active
    yield {
        "channel": f"chat-{number % MESSAGES}", "event": f"event-{number}",
        "at": _at(onset, 1), "heard_at": _at(onset, 1), "what": "acknowledged",
        "who": "ann", "text": "on it", "field": "ts", "value": "1", "key": f"k{number}",
        "other": f"other-{number}", "incident": incident_id(model, onset),
        "outcome": "done", "reason": "",
    }  # fmt: skip


def _actions(number: int, model: str, onset: date, is_active: bool) -> Rows:  # noqa: FBT001
    del number, is_active
    incident = incident_id(model, onset)
    yield {
        "id": f"{incident}-action-1", "incident": incident, "type": "prevent",
        "text": "watch the feed", "owner": "ann", "due": onset, "ticket": "",
        "created_at": _at(onset, 72), "created_by": "ann",
    }  # fmt: skip


def _rollbacks(number: int, model: str, onset: date, is_active: bool) -> Rows:  # noqa: FBT001
    del is_active
    if number % 3:
        return
    yield {
        "id": f"rollback-{number:012x}", "model": model, "alias": "champion",
        "from_version": VERSION, "to_version": "6", "reason": "performance",
        "actor": "daywatch", "mode": "approve", "proposed_at": _at(onset),
        "expires_at": _at(onset, 24), "evaluation": unit_of(model, onset).key,
        "evidence_digest": DIGEST, "evidence": EVIDENCE,
        "incident": incident_id(model, onset), "state": "verified", "is_open": False,
        "guards": GUARDS,
        "approver": "ann", "applied_at": _at(onset, 2), "fence": 1, "is_forced": False,
    }  # fmt: skip


def _lines(number: int, model: str, onset: date, is_active: bool) -> Rows:  # noqa: FBT001
    del is_active
    states = ("proposed", "approved", "executing", "applied", "verified", "file_digest")
    for position, state in enumerate(states[:LINES]):
        yield {
            "number": number * LINES + position + 1,
            "key": f"rollback-{number:012x}", "state": state, "model": model,
            "at": _at(onset, position), "alias": "champion", "from_version": VERSION,
            "to_version": "6", "reason": "performance", "actor": "daywatch",
            "incident": incident_id(model, onset),
            "guards": GUARDS,
            "evidence_digest": DIGEST, "fence": 1, "detail": {}, "previous": DIGEST,
            "digest": DIGEST,
        }  # fmt: skip


def _silences(number: int, model: str, onset: date, is_active: bool) -> Rows:  # noqa: FBT001
    del is_active
    if number % 6 == 0:
        yield {
            "id": f"silence-{number}", "model": model, "cause": None, "segment": None,
            "severity_at_most": "P2", "starts_at": _at(onset),
            "ends_at": _at(onset, 48),
        }  # fmt: skip


def _silence_events(number: int, model: str, onset: date, is_active: bool) -> Rows:  # noqa: FBT001
    del model, is_active
    if number % 6 == 0:
        yield {
            "silence": f"silence-{number}", "event": "added", "at": _at(onset),
            "actor": "ann", "text": "a planned change",
        }  # fmt: skip
