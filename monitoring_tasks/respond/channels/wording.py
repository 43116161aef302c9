"""The same things said in the same words by every channel."""

from monitoring_tasks.domain.messages import BEGINNINGS, ENDINGS, Notice, Occasion
from monitoring_tasks.respond.channels.lengths import digest_of

CLIENT = "Daywatch"
TALKS_OF_AN_INCIDENT = (
    BEGINNINGS
    | ENDINGS
    | {
        Occasion.RAISED,
        Occasion.ESCALATED,
        Occasion.ACKNOWLEDGED,
        Occasion.MITIGATING,
        Occasion.MONITORING,
        Occasion.NOTED,
        Occasion.REVIEW_DUE,
        Occasion.ALIAS_MOVED,
    }
)
"""Occasions that belong to one incident; a channel that shows a state shows them."""
READ_BY_PEOPLE = TALKS_OF_AN_INCIDENT - {Occasion.ACKNOWLEDGED, Occasion.NOTED} | {
    Occasion.DEAD_LETTER,
    Occasion.DIGEST,
    Occasion.REVIEW,
    Occasion.TEST,
    Occasion.WARNED,
}
"""What a stream of messages tells: no more than somebody wants to read."""


def label_of(notice: Notice) -> str:
    """Return the label by which a ticket or page of an incident is found again."""
    return f"daywatch-{digest_of(notice.key)}"


def source_of(notice: Notice) -> str:
    """Return who speaks, e.g. `daywatch:production`."""
    return f"daywatch:{notice.environment or 'production'}"


def table_of(notice: Notice) -> tuple[tuple[str, str], ...]:
    """Return what is known of a notice as names and values; nothing empty."""
    rows = (
        ("model", notice.model),
        ("severity", notice.severity.value),
        ("cause", notice.cause),
        ("state", notice.state),
        ("since", notice.since.isoformat() if notice.since else ""),
        ("incident", notice.incident),
        ("environment", notice.environment),
        ("owners", ", ".join(notice.owners)),
        *notice.facts,
    )
    return tuple((name, value) for name, value in rows if name and value)
