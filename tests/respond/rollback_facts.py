"""What goes wrong in the world of the state machine, and what is remembered of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.rollbacks import Rollback, RollbackState
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.respond.guard_facts import PastMoves
from tests.builders import MODEL, make_incident

S = RollbackState
HOPELESS = 9
"""So many stale looks that no try sees what was written."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong while a rollback is executed; by default nothing.

    Attributes:
        kill: The process dies after so many sparks.
        before: The registry does not answer the write, and did nothing.
        after: The registry does not answer the write, and did it.
        stale: So many looks after the write show what was before it.
        dumb: So many looks after the write get no answer.
        deaf: So many looks from the start get no answer.
        moved: Somebody moves the alias there while the guards are asked.
        moved_after: Somebody moves the alias there right after the write.
        sleeps: Another process takes the lease over while the guards are asked.
    """

    kill: int | None = None
    before: bool = False
    after: bool = False
    stale: int = 0
    dumb: int = 0
    deaf: int = 0
    moved: str | None = None
    moved_after: str | None = None
    sleeps: bool = False


@dataclass(frozen=True, kw_only=True)
class Write:
    """A write to the registry, and what was on disk when it was made."""

    at: datetime
    before: str | None
    to: str
    rows: tuple[Rollback, ...]
    digests: tuple[str, ...]
    is_stopped: bool


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a decision was made on, and whether that is still so."""

    verdict: Verdict
    unit: Unit
    evidence: dict[str, Any]
    is_changed: bool = False


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Everything in the store, as it is now."""

    rollbacks: dict[str, Rollback]
    incidents: dict[str, Incident]
    events: dict[str, list[str]]
    lines: list[JournalLine]
    broken: str | None


def moves_before(
    known: Sequence[Rollback], rollback: Rollback, now: datetime
) -> PastMoves:
    """Say what was moved before a rollback; every day is a valid one."""
    others = [one for one in known if one.id != rollback.id]
    moved = [one.applied_at for one in others if one.applied_at]
    last = max(moved, default=None)
    unasked = [
        one.applied_at
        for one in others
        if one.applied_at and not (one.is_manual or one.approver)
    ]
    return PastMoves(
        last_at=last,
        valid_days=(now - last).days if last else 0,
        last_automatic_at=max(unasked, default=None),
        others=tuple(
            one.id for one in others if one.is_open or one.state is S.VERIFYING
        ),
    )


def seen_on(
    day: date, severity: Severity, *, now: datetime, cause: Cause = Cause.MODEL
) -> Incident:
    """Return an incident as one day alone shows it."""
    return make_incident(
        id=f"{MODEL}-{cause}-{day}",
        cause=cause,
        severity=severity,
        onset_day=day,
        last_day=day,
        opened_at=now,
    )
