"""What people made of an incident under the EU AI Act: answers, clocks, submissions.

Facts come from the machine, judgements from people. Everything is `unassessed` until a
person says otherwise. Nothing here decides whether the Act applies, submits anything
or takes a clock away. No legal advice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.regulatory_events import EventKind, RegulatoryEvent

UNASSESSED, UNKNOWN, YES, NO = "unassessed", "unknown", "yes", "no"
YES_OR_NO = (YES, NO, UNKNOWN)
DOES_NOT_APPLY = "does_not_apply"
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "applicability": ("applies", DOES_NOT_APPLY, UNKNOWN),
    "organisation_role": ("provider", "deployer", "both", UNKNOWN),
    "art3_49_a": YES_OR_NO,
    "art3_49_b": YES_OR_NO,
    "art3_49_c": YES_OR_NO,
    "art3_49_d": YES_OR_NO,
    "death": YES_OR_NO,
    "widespread_infringement": YES_OR_NO,
    "risk_to_persons": YES_OR_NO,
    "classification": (),
    "occurred_at": (),
    "member_states": (),
    "authorities": (),
    "affected_persons": (),
    "other_regimes": (),
}
"""What people are asked, and the answers there are; none: in their own words."""
CAUSAL_LINKS = ("none", "suspected", "reasonable_likelihood", "established")
REPORT_KINDS = ("initial", "complete", "supplement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a person said, when and why; None of it is the machine's.

    Attributes:
        value: What was said.
        actor: Who said it.
        at: When it was said.
        reason: Why.
    """

    value: Any
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatoryRecord:
    """The record of an incident as the events on it make it; the last word counts.

    Attributes:
        incident: Id of the incident; there is one record for each.
        opened_at: When it was opened.
        opened_by: Who opened it.
        facts: What Daywatch knew then, by machine.
        answers: What people answered, by question; a question not there is unassessed.
        aware: Since when somebody is aware, as a person said it.
        causal_link: What a person says of a link between system and incident.
        measures: What was done, by people, oldest first.
        submissions: What people say they sent, oldest first.
        not_required: Clocks a person said are not required, by their id.
        events: How many events it is made of.
    """

    incident: str
    opened_at: datetime
    opened_by: str
    facts: JsonObject
    answers: Mapping[str, Statement] = field(default_factory=dict)
    aware: Statement | None = None
    causal_link: Statement | None = None
    measures: tuple[Statement, ...] = ()
    submissions: tuple[Statement, ...] = ()
    not_required: Mapping[str, Statement] = field(default_factory=dict)
    events: int = 1

    @property
    def aware_at(self) -> datetime | None:
        """When somebody became aware; None while nobody has said so."""
        return datetime.fromisoformat(self.aware.value) if self.aware else None

    def answer(self, question: str) -> str:
        """Return what a person answered; `unassessed` while nobody has."""
        said = self.answers.get(question)
        return str(said.value) if said else UNASSESSED


def record_from(events: Iterable[RegulatoryEvent]) -> RegulatoryRecord | None:
    """Return the record that events of one incident make; None without any.

    Args:
        events: Of one incident, oldest first; the first one opened the record.
    """
    record: RegulatoryRecord | None = None
    for event in events:
        if record is None:
            record = RegulatoryRecord(
                incident=event.incident,
                opened_at=event.at,
                opened_by=event.actor,
                facts=event.detail,
            )
        else:
            record = replace(_with(record, event), events=record.events + 1)
    return record


def _with(record: RegulatoryRecord, event: RegulatoryEvent) -> RegulatoryRecord:
    detail, said = event.detail, _statement(event)
    changed: dict[str, Any] = {}
    match event.kind:
        case EventKind.OPENED:
            pass  # opened twice: what was known first stays
        case EventKind.ASSESSED:
            answers = {q: replace(said, value=value) for q, value in detail.items()}
            changed["answers"] = {**record.answers, **answers}
        case EventKind.AWARE:
            changed["aware"] = replace(said, value=detail["aware_at"])
        case EventKind.CAUSAL_LINK:
            changed["causal_link"] = replace(said, value=detail["status"])
        case EventKind.MEASURE:
            changed["measures"] = (*record.measures, said)
        case EventKind.SUBMISSION_NOTED:
            changed["submissions"] = (*record.submissions, said)
        case EventKind.NOT_REQUIRED:
            ended = dict.fromkeys(detail["clocks"], said)
            changed["not_required"] = {**record.not_required, **ended}
    return replace(record, **changed)


def _statement(event: RegulatoryEvent) -> Statement:
    return Statement(
        value=dict(event.detail), actor=event.actor, at=event.at, reason=event.reason
    )
