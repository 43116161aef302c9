"""What is told of an incident, for a reader at three in the morning. Pure."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.messages import (
    BEGINNINGS,
    MOST_LINES,
    Link,
    Notice,
    Occasion,
    dedup_key,
)
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.timeline import Entry

FULL = BEGINNINGS | {Occasion.RAISED, Occasion.ESCALATED}
"""Occasions on which everything is told."""
LONGEST_LINE = 300
"""Characters; the page and the incident have the whole of it."""
LONGEST_PART = 120
"""Characters of what broke in the first line: what was done comes after it."""
MOST_REASONS = 3
BROKEN = (ReasonCode.LIMIT_CROSSED, ReasonCode.BATCH_UNFIT, ReasonCode.BATCH_MISSING)
"""Reasons that say what broke rather than why."""
BEGINS_WITH = {
    Occasion.REOPENED: "Back again: ",
    Occasion.RAISED: "Worse: ",
    Occasion.MITIGATING: "Being contained: ",
    Occasion.MONITORING: "Contained, now watched: ",
    Occasion.RESOLVED: "Resolved: ",
    Occasion.FALSE_POSITIVE: "False alarm: ",
    Occasion.MERGED: "Merged: ",
    Occasion.REVIEW_DUE: "Review due: ",
    Occasion.CLOSED: "Closed: ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is known of an incident when a message about it is written.

    Attributes:
        incident: As it stands.
        occasion: Why a message is sent.
        entry: Who changed it, when, and what they said.
        environment: Which Daywatch speaks.
        reasons: Of its latest judged day, the most important first.
        reason_codes: What each of them is.
        evidence: Numbers behind that decision.
        rows: Predictions of that day; None where there are none.
        done: What was done about it, a sentence; empty for nothing.
        advice: What helps; empty where nobody knows.
        owners: Who answers for the model.
        tier: Of the model; None for the fleet.
        consumers: Who reads its predictions.
        parts: Ids of the incidents it speaks for.
        acknowledge_by: When somebody has to have taken it on; None for no clock.
        commands: What a reader can type, the first thing first.
        links: What a reader can open.
    """

    incident: Incident
    occasion: Occasion
    entry: Entry
    environment: str
    reasons: tuple[str, ...] = ()
    reason_codes: tuple[ReasonCode, ...] = ()
    evidence: JsonObject = field(default_factory=dict)
    rows: int | None = None
    done: str = ""
    advice: str = ""
    owners: tuple[str, ...] = ()
    tier: int | None = None
    consumers: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    acknowledge_by: datetime | None = None
    commands: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


def notice_of(story: Story, message_id: str) -> Notice:
    """Return what a message says of an incident.

    Args:
        story: What is known of it.
        message_id: Idempotency key of the message.
    """
    incident = story.incident
    is_full = story.occasion in FULL
    lines = _full_lines(story) if is_full else _short_lines(story)
    return Notice(
        id=message_id,
        occasion=story.occasion,
        key=dedup_key(
            incident.id, environment=story.environment, reopened=incident.reopened
        ),
        incident=incident.id,
        model=incident.model,
        environment=story.environment,
        severity=incident.severity,
        cause=incident.cause.value,
        state=incident.state.value,
        at=story.entry.at,
        since=incident.onset_day,
        headline=_cut(_headline(story)),
        lines=tuple(_cut(line) for line in lines[: MOST_LINES - 1]),
        facts=_facts(story),
        links=story.links,
        owners=story.owners,
        commands=story.commands,
    )


def _headline(story: Story) -> str:
    what = _cut(_what(story), LONGEST_PART)
    subject = f"{story.incident.severity} {subject_of(story.incident)}: {what}"
    match story.occasion:
        case Occasion.ESCALATED:
            overdue = _cut(story.entry.text, LONGEST_PART)
            subject = f"{_first_capital(overdue)}: {subject}"
        case Occasion.ACKNOWLEDGED:
            return f"{story.entry.actor} works on it: {subject}"
        case Occasion.NOTED:
            return f"{story.entry.actor} on {subject}"
        case _:
            subject = BEGINS_WITH.get(story.occasion, "") + subject
    if story.occasion not in FULL:
        return subject
    parts = (subject, f"since {_day(story.incident.onset_day)}", sureness(story))
    done = story.done or "nothing was changed"
    return "; ".join((*(part for part in parts if part), done))


def subject_of(incident: Incident) -> str:
    """Return the model an incident is about, in words for that of the fleet."""
    return incident.model.lstrip("*") or "all models"


def _what(story: Story) -> str:
    """Return what broke: the first reason that says so, else the first of all."""
    pairs = zip(story.reason_codes, story.reasons, strict=False)
    broken = [text for code, text in pairs if code in BROKEN]
    text = next(iter(broken or story.reasons), story.incident.title)
    subject = f"{subject_of(story.incident)}: "
    return in_plain_words(text.removeprefix(subject))


def sureness(story: Story) -> str:
    """Return how sure it is that something is wrong; empty where nothing tells."""
    bad, of_days = story.evidence.get("bad_days"), story.evidence.get("of_days")
    if not bad or not of_days:
        return ""
    how = "measured with labels" if story.evidence.get("from_labels") else "measured"
    if "estimated" in _what(story):
        how = "estimated"
    days = f"{bad} of the last {of_days} day{'s'[: of_days != 1]} in breach"
    return f"{days}, {how}"


def _full_lines(story: Story) -> list[str]:
    incident = story.incident
    lines = [f"Cause: {incident.cause.replace('_', ' ')}. {_why(story)}".strip()]
    lines += [f"- {text}" for text in _other_reasons(story)]
    if hurt := _hurt(story):
        lines.append(f"Hurt: {hurt}")
    if story.parts:
        lines.append(f"Speaks for: {', '.join(story.parts)}")
    lines.append(f"Done: {story.done or 'nothing was changed'}")
    if story.advice:
        lines.append(f"Next: {story.advice}")
    lines += [f"Run: {command}" for command in story.commands[:2]]
    lines.append(_who(story))
    return lines


def _short_lines(story: Story) -> list[str]:
    incident = story.incident
    text = story.entry.text
    said = text if story.entry.actor == "daywatch" else f"{story.entry.actor}: {text}"
    lasted = f"bad days {incident.onset_day} to {incident.last_day}"
    state = incident.state.replace("_", " ")
    lines = [said] if text else []
    lines.append(f"{incident.id} is {state} ({lasted})")
    return lines + [f"Run: {command}" for command in story.commands[:1]]


def _why(story: Story) -> str:
    first = in_plain_words(next(iter(story.reasons), ""))
    return first if first != _what(story) else ""


def _other_reasons(story: Story) -> list[str]:
    others = [in_plain_words(text) for text in story.reasons[1:]]
    return [text for text in others if text != _what(story)][: MOST_REASONS - 1]


def _hurt(story: Story) -> str:
    impact = story.evidence.get("impact") or {}
    parts = []
    if story.rows:
        share = impact.get("share_of_rows")
        of_rows = f"{share:.0%} of " if share is not None and share < 1 else ""
        parts.append(
            f"{of_rows}{story.rows:,} predictions of {_day(story.incident.last_day)}"
        )
    if value := impact.get("value_lost"):
        parts.append(f"about {value:,.0f} of business value lost")
    if spent := impact.get("exhausted"):
        parts.append(f"no error budget left: {', '.join(spent)}")
    if story.consumers:
        parts.append(f"read by {', '.join(story.consumers)}")
    if story.tier is not None:
        parts.append(f"a model of tier {story.tier}")
    return "; ".join(parts)


def _who(story: Story) -> str:
    incident = story.incident
    who = incident.assignee or incident.commander
    if who is not None:
        return f"{who} works on it ({incident.id})"
    by = story.acknowledge_by
    until = f" before {by:%H:%M} UTC on {_day(by.date())}" if by else ""
    return f"Nobody works on it yet: take it on{until} ({incident.id})"


def _facts(story: Story) -> tuple[tuple[str, str], ...]:
    incident = story.incident
    facts = (
        ("model", subject_of(incident)),
        ("incident", incident.id),
        ("severity", incident.severity.value),
        ("cause", incident.cause.value),
        ("state", incident.state.value),
        ("version", incident.version),
        ("first bad day", incident.onset_day.isoformat()),
        ("last bad day", incident.last_day.isoformat()),
        ("how sure", sureness(story)),
        ("owners", ", ".join(story.owners)),
        ("works on it", incident.assignee),
        ("environment", story.environment),
    )
    return tuple((name, value) for name, value in facts if value)


def in_plain_words(reason: str) -> str:
    """Return a reason without severity and cause before it, and checks in words.

    >>> in_plain_words("P2, data: gate values: expect_column_mean_to_be_between on "
    ...                "column 'km' failed: observed 16.7 (agreed 8 to 13)")
    "mean of column 'km' is 16.7, agreed 8 to 13"
    >>> in_plain_words("gate structure: columns_are_there on column 'km' failed")
    "columns are there on column 'km' failed"
    """
    text = re.sub(r"^P[0-3](, [a-z_ ]+)?: ", "", reason)
    text = re.sub(
        r"gate \w+: expect_column_([a-z_]+)_to_be_between on column ('[^']*') failed: "
        r"observed (\S+) \(agreed ([^)]*)\)",
        lambda check: (
            f"{_words(check[1])} of column {check[2]} is {check[3]}, agreed {check[4]}"
        ),
        text,
    )
    return re.sub(
        r"gate \w+: (?:expect_)?([a-z_]+)", lambda check: _words(check[1]), text
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _cut(text: str, most: int = LONGEST_LINE) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
