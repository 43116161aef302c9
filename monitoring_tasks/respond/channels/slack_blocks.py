"""Slack's blocks of a notice, within Slack's limits; all texts plain, no mentions."""

from typing import Any

from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.messages import Notice
from monitoring_tasks.respond.channels.lengths import (
    shortened,
    utf16_units,
    web_links,
)
from monitoring_tasks.respond.channels.wording import table_of

LONGEST_HEADER = 150
LONGEST_SECTION = 3_000
LONGEST_FIELD = 300
MOST_FIELDS = 10
MOST_FACTS = 20
LONGEST_BUTTON = 75
LONGEST_LINK = 3_000
MOST_BUTTONS = 5
LONGEST_COMMANDS = 1_000
LONGEST_FALLBACK = 3_000
ACKNOWLEDGE, RESOLVE = "daywatch-acknowledge", "daywatch-resolve"
"""Names of the buttons by which people answer."""
ANSWERS = {
    ACKNOWLEDGE: (
        "Acknowledge",
        frozenset({IncidentState.OPEN, IncidentState.MONITORING}),
    ),
    RESOLVE: (
        "Resolve",
        frozenset(
            {IncidentState.OPEN, IncidentState.ACKNOWLEDGED, IncidentState.MONITORING}
        ),
    ),
}
"""Their texts, and the states of an incident in which they are shown."""
LONGEST_REPLY = 12_000
"""Slack cuts texts at 40,000; escaping makes up to five of one."""


def blocks_of(notice: Notice, *, hears: bool = False) -> list[dict[str, Any]]:
    """Return the blocks: headline, text, facts, buttons, commands.

    All together hold some 11,000 characters at most; Slack refuses from 13,200 on.

    Args:
        notice: What to tell.
        hears: Whether Daywatch hears of clicks, so that people may answer by them.
    """
    headline = _plain(notice.headline, LONGEST_HEADER)
    blocks: list[dict[str, Any]] = [{"type": "header", "text": headline}]
    text = _below_the_header(notice)
    if text:
        blocks.append({"type": "section", "text": _plain(text, LONGEST_SECTION)})
    fields = [_plain(fact, LONGEST_FIELD) for fact in _facts(notice)]
    blocks += [
        {"type": "section", "fields": fields[start : start + MOST_FIELDS]}
        for start in range(0, min(len(fields), MOST_FACTS), MOST_FIELDS)
    ]
    buttons = _answers(notice) if hears else []
    buttons += [
        {
            "type": "button",
            "text": _plain(link.text, LONGEST_BUTTON),
            "url": link.href,
            "action_id": f"open-{number}",
        }
        for number, link in enumerate(web_links(notice, LONGEST_LINK)[:MOST_BUTTONS])
    ]
    if buttons:
        blocks.append({"type": "actions", "elements": buttons})
    if notice.commands:
        commands = _plain("\n".join(notice.commands), LONGEST_COMMANDS)
        blocks.append({"type": "context", "elements": [commands]})
    return blocks


def _answers(notice: Notice) -> list[dict[str, Any]]:
    """Return the buttons by which people answer; each carries the episode's key."""
    return [
        {
            "type": "button",
            "text": _plain(text, LONGEST_BUTTON),
            "action_id": name,
            "value": notice.key,
        }
        for name, (text, states) in ANSWERS.items()
        if notice.incident and notice.state in states
    ]


def fallback_text(notice: Notice) -> str:
    """Return what notifications and screen readers say in place of blocks."""
    return _escaped(shortened(notice.text, LONGEST_FALLBACK, utf16_units))


def thread_text(notice: Notice) -> str:
    """Return the notice as a reply in the thread: with its facts, if they were cut."""
    facts = () if is_whole(notice) else _facts(notice)
    text = "\n".join((notice.text, *facts))
    return _escaped(shortened(text, LONGEST_REPLY, utf16_units))


def is_whole(notice: Notice) -> bool:
    """Whether the blocks hold the whole text and all facts."""
    facts = _facts(notice)
    cut = any(utf16_units(fact) > LONGEST_FIELD for fact in facts)
    fits = utf16_units(_below_the_header(notice)) <= LONGEST_SECTION
    return fits and not cut and len(facts) <= MOST_FACTS


def _facts(notice: Notice) -> list[str]:
    return [f"{name}: {value}" for name, value in table_of(notice)]


def _below_the_header(notice: Notice) -> str:
    if utf16_units(notice.headline) > LONGEST_HEADER:
        return notice.text
    return "\n".join(notice.lines)


def _plain(text: str, most: int) -> dict[str, Any]:
    shown = shortened(text, most, utf16_units)
    return {"type": "plain_text", "text": shown, "emoji": False}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
