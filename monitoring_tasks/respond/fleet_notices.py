"""What is told of more than one incident, of aliases, and of the channels. Pure."""

from collections.abc import Sequence
from datetime import date, datetime

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.journal import OUTSIDE
from monitoring_tasks.domain.messages import (
    MOST_LINES,
    Link,
    Notice,
    Occasion,
    dedup_key,
    digest_key,
)
from monitoring_tasks.domain.outbox import Message
from monitoring_tasks.respond.notices import in_plain_words, subject_of

LISTED = MOST_LINES - 2
"""So many incidents stand in a digest; the last line tells of the others."""


def digest_notice(
    messages: Sequence[Message],
    incidents: Sequence[Incident],
    *,
    environment: str,
    at: datetime,
) -> Notice:
    """Return the digest of a channel: its gathered incidents, the gravest first.

    Args:
        messages: What was gathered, by number; at least one.
        incidents: The incidents they are about, as they stand now.
        environment: Which Daywatch speaks.
        at: When it is sent.
    """
    ranked = sorted(incidents, key=lambda i: (i.severity, not i.is_active, i.onset_day))
    warned = [m for m in messages if m.occasion is Occasion.WARNED]
    told = [_digest_line(i) for i in ranked] + [_warned_line(m) for m in warned]
    listed = told[:LISTED]
    further = len(told) - len(listed)
    if further:
        listed.append(f"and {further} more: daywatch incident list, daywatch status")
    models = {i.model for i in ranked} | {m.model for m in warned}
    active = sum(incident.is_active for incident in ranked)
    first = messages[0]
    headline = (
        f"Daily digest: {_counted(len(ranked), 'incident')} of "
        f"{_counted(len(models), 'model')}, {active} still open"
        f"{_counted_warnings(warned)}"
    )
    return Notice(
        id=f"digest-{first.id}",
        occasion=Occasion.DIGEST,
        key=digest_key(first.channel, environment=environment, at=at),
        model="*",
        environment=environment,
        severity=min((i.severity for i in ranked), default=Severity.P3),
        at=at,
        since=min((i.onset_day for i in ranked), default=None),
        headline=headline,
        lines=tuple(listed),
        commands=("daywatch incident list",),
    )


def _counted_warnings(warned: Sequence[Message]) -> str:
    """Return how many warnings a digest has, to be added to its first line."""
    return f", {_counted(len(warned), 'warning')}" if warned else ""


def _warned_line(message: Message) -> str:
    day = date.fromisoformat(message.subject["day"])
    reason = in_plain_words(message.subject["reasons"][0])
    return _cut(f"P3 {message.model} ({_day(day)}, a warning): {reason}")


def _digest_line(incident: Incident) -> str:
    title = in_plain_words(incident.title.removeprefix(f"{incident.model}: "))
    text = (
        f"{incident.severity} {subject_of(incident)} ({incident.state}, since "
        f"{_day(incident.onset_day)}): {title}"
    )
    return _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"  # noqa: PLR2004 (one line)


def warning_notice(
    message: Message, *, environment: str, links: tuple[Link, ...] = ()
) -> Notice:
    """Return what is told of a day that is worth a look and no incident.

    Args:
        message: Its subject holds the day and its reasons.
        environment: Which Daywatch speaks.
        links: What a reader can open.
    """
    day = date.fromisoformat(message.subject["day"])
    reasons = [in_plain_words(text) for text in message.subject["reasons"]]
    return Notice(
        id=message.id,
        occasion=Occasion.WARNED,
        key=dedup_key(
            f"{message.model}-warned-{day}", environment=environment, reopened=0
        ),
        model=message.model,
        environment=environment,
        severity=Severity.P3,
        at=datetime.fromisoformat(message.subject["at"]),
        since=day,
        headline=f"P3 {message.model}: {reasons[0]}; {_day(day)}; no incident",
        lines=tuple(f"- {text}" for text in reasons[1:4]),
        links=links,
        commands=(f"daywatch show {message.model} --day {day}",),
    )


def alias_notice(message: Message, *, environment: str) -> Notice:
    """Return what is told of an alias that was moved.

    Args:
        message: Its subject is the line of the journal.
        environment: Which Daywatch speaks.
    """
    line = message.subject
    by = "somebody outside of Daywatch" if line["state"] == OUTSIDE else line["actor"]
    headline = (
        f"{line['model']}: alias '{line['alias']}' moved from version "
        f"{line['from_version'] or '?'} to {line['to_version'] or '?'} by {by}"
    )
    incident = line.get("incident") or ""
    about = incident or f"{line['model']}@{line['alias']}"
    return Notice(
        id=message.id,
        occasion=Occasion.ALIAS_MOVED,
        key=dedup_key(about, environment=environment, reopened=0),
        incident=incident,
        model=line["model"],
        environment=environment,
        severity=Severity.P3,
        at=datetime.fromisoformat(line["at"]),
        headline=headline,
        lines=(line["reason"],) if line["reason"] else (),
        facts=(
            ("journal line", str(line["number"])),
            ("key", line["key"]),
            ("digest", line["digest"]),
        ),
        commands=(f"daywatch journal list {line['model']}",),
    )


def undelivered_notice(message: Message, *, environment: str) -> Notice:
    """Return the alarm about a message that cannot be delivered.

    Args:
        message: The alarm; its subject tells of the one that cannot.
        environment: Which Daywatch speaks.
    """
    lost = message.subject
    if lost["state"] == "bare":
        return _unwritten_notice(message, environment=environment)
    is_dead = lost["state"] == "dead"
    what = "was given up" if is_dead else "is still waiting"
    headline = (
        f"Daywatch cannot reach channel '{lost['channel']}': a {lost['severity']} "
        f"message about {lost['about']} {what}"
    )
    return Notice(
        id=message.id,
        occasion=Occasion.DEAD_LETTER,
        key=dedup_key(
            f"channel-{lost['channel']}", environment=environment, reopened=0
        ),
        model="*",
        environment=environment,
        severity=Severity.P1,
        at=message.created_at,
        headline=headline,
        lines=(
            f"Tried {lost['attempts']} times; the last fault: {lost['fault']}",
            f"It says: {lost['headline']}",
            "Fix the channel, then send it again:",
        ),
        commands=(
            f"daywatch outbox retry {lost['id']}",
            f"daywatch notify test {lost['channel']}",
        ),
    )


def _unwritten_notice(message: Message, *, environment: str) -> Notice:
    """Return the alarm about a message that was told in bare words alone."""
    lost = message.subject
    about = lost["about"]
    return Notice(
        id=message.id,
        occasion=Occasion.DEAD_LETTER,
        key=dedup_key(f"unwritten-{about}", environment=environment, reopened=0),
        model="*",
        environment=environment,
        severity=Severity.P1,
        at=message.created_at,
        headline=(
            f"Daywatch cannot write a {lost['severity']} message about {about}: "
            f"channel '{lost['channel']}' is told in bare words"
        ),
        lines=(
            f"Tried {lost['attempts']} times; what failed: {lost['fault']}",
            "What was judged and done stands; the full words are on the time line:",
        ),
        commands=("daywatch incident list", "daywatch outbox list --all"),
    )


def canary_notice(message: Message, *, environment: str) -> Notice:
    """Return the daily proof that a channel can be reached.

    Args:
        message: Its subject holds the heads of the chains.
        environment: Which Daywatch speaks.
    """
    heads = message.subject.get("heads", {})
    day = message.created_at.date()
    return Notice(
        id=message.id,
        occasion=Occasion.CANARY,
        key=dedup_key(
            f"canary-{message.channel}-{day}", environment=environment, reopened=0
        ),
        model="*",
        environment=environment,
        severity=Severity.P3,
        at=message.created_at,
        headline=f"Daywatch's daily test of channel '{message.channel}' ({day}): "
        "nothing is wrong, nobody has to act",
        lines=tuple(f"{name}: {head}" for name, head in sorted(heads.items())),
    )


def retrospective_notice(message: Message, *, environment: str) -> Notice:
    """Return what is told of a retrospective.

    Args:
        message: Its subject holds the span and what it says in a few lines.
        environment: Which Daywatch speaks.
    """
    said = message.subject
    lines = [str(line) for line in said["lines"]]
    further = len(lines) - LISTED
    if further > 0:
        # The last line tells of the action items.
        lines = [*lines[: LISTED - 1], f"and {further} more models", lines[-1]]
    return Notice(
        id=message.id,
        occasion=Occasion.REVIEW,
        key=dedup_key(
            f"retrospective-{said['name']}", environment=environment, reopened=0
        ),
        model="*",
        environment=environment,
        severity=Severity.P3,
        at=message.created_at,
        headline=(
            f"{said['period'].capitalize()} retrospective, {said['first']} to "
            f"{said['last']}"
        ),
        lines=tuple(lines),
        facts=(("page", str(said["page"])),),
        commands=(
            (
                f"daywatch retrospective {said['period']} --from {said['first']} "
                f"--to {said['last']}"
            ),
        ),
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'s'[: count != 1]}"
