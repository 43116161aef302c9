"""Pages as the incident ledger counts them: the real one, fed with a world's answers.

An alarm is a day's, a page is an incident's. A P0 or P1 pages once and stays open until
a person closes it. Nobody closes any here, so a later alarm of the same cause is no new
page. A P2 or P3 pages nobody and is over after some good days.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from benchmarks.judgement.answers import Answer
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.decisions import Cause, PastDay, Severity
from monitoring_tasks.domain.findings import VALID, Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import Terms, valid_since
from monitoring_tasks.respond.recovery.follow_up import follow_up
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incidents import Incidents

QUIET = frozenset({Verdict.OK, Verdict.INCONCLUSIVE, Verdict.IMMATURE})
"""Performance that says nothing against the version that served the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An incident of the ledger: the day it was opened on, the day it paged on."""

    opened: date
    paged: date | None


def entries(answers: Sequence[Answer], contract: Contract) -> list[Entry]:
    """Return the incidents that Daywatch's answers of many days come to.

    Args:
        answers: Daywatch's, in order; each with a remedy and a performance.
        contract: The model's.
    """
    with tempfile.TemporaryDirectory(prefix="daywatch-ledger-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'ledger.db'}")
        try:
            ledger = Incidents(database)
            for number, answer in enumerate(answers):
                history = [_past(one) for one in answers[:number] if one.performance]
                _enter(ledger, answer, history, contract)
            return [
                Entry(
                    opened=one.opened_at.date(),
                    paged=one.paged_at.date() if one.paged_at else None,
                )
                for one in ledger.find(contract.model)
            ]
        finally:
            database.engine.dispose()


def _enter(
    ledger: Incidents, answer: Answer, history: list[PastDay], contract: Contract
) -> None:
    if answer.remedy == "none":
        _calm(ledger, answer, history, contract)
        return
    ledger.report(
        _incident(answer, contract),
        text=answer.why,
        detail={},
        terms=_terms(ledger, history, contract),
    )


def _calm(
    ledger: Incidents, answer: Answer, history: list[PastDay], contract: Contract
) -> None:
    """Let a day without trouble speak for the incidents that are active."""
    performance = Verdict(answer.performance or Verdict.NO_DATA)
    if performance not in QUIET:
        return
    today = PastDay(
        day=answer.day,
        version=answer.version,
        verdict=performance,
        performance=performance,
    )
    for incident in ledger.active(contract.model):
        step = follow_up(
            incident,
            today,
            history=history,
            recovery_days=contract.policy.recovery_days,
        )
        for state in step.states if step else ():
            ledger.move(
                incident.id,
                state,
                at=_noon(answer.day),
                actor="daywatch",
                text=step.text if step else "",
                day=answer.day,
            )


def _incident(answer: Answer, contract: Contract) -> Incident:
    cause = Cause(answer.cause or Cause.UNDETERMINED)
    return Incident(
        id=f"{contract.model}-{cause}-{answer.day}",
        model=contract.model,
        cause=cause,
        state=IncidentState.OPEN,
        severity=Severity(answer.severity or Severity.P3),
        version=answer.version,
        onset_day=answer.day,
        last_day=answer.day,
        title=answer.why[:200] or str(cause),
        opened_at=_noon(answer.day),
    )


def _terms(ledger: Incidents, history: list[PastDay], contract: Contract) -> Terms:
    known = ledger.find(contract.model)
    valid = [past.day for past in history if past.performance in VALID]
    is_over = any(one.state is IncidentState.RESOLVED for one in known)
    within = contract.policy.alarms.reopen_days
    return Terms(
        tier=contract.tier,
        reopen_from=valid_since(valid, count=within) if is_over else None,
    )


def _past(answer: Answer) -> PastDay:
    performance = Verdict(answer.performance)
    return PastDay(
        day=answer.day,
        version=answer.version,
        verdict=performance,
        performance=performance,
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
