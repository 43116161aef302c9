"""Apprise: a title and a text for whatever it reaches; nothing comes back."""

from dataclasses import dataclass

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.messages import ENDINGS, URGENT, Notice
from monitoring_tasks.respond.channels.lengths import shortened, web_links
from monitoring_tasks.respond.channels.wording import READ_BY_PEOPLE

TELLS = READ_BY_PEOPLE
LONGEST_TITLE = 250
LONGEST_BODY = 32_000
LONGEST_LINK = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainMessage:
    """A message for Apprise.

    Attributes:
        title: One line.
        body: The rest.
        kind: Apprise's word: `info`, `success`, `warning` or `failure`.
    """

    title: str
    body: str
    kind: str


def compose(notice: Notice) -> PlainMessage:
    """Return a notice as title and text; services cut what they have no room for."""
    lines = [*notice.lines, *(link.href for link in web_links(notice, LONGEST_LINK))]
    title = shortened(notice.headline, LONGEST_TITLE)
    if title != notice.headline:
        lines.insert(0, notice.headline)
    body = shortened("\n".join([*lines, *notice.commands]), LONGEST_BODY)
    return PlainMessage(title=title, body=body or title, kind=_kind(notice))


def _kind(notice: Notice) -> str:
    if notice.occasion in ENDINGS:
        return "success"
    if notice.occasion not in URGENT:
        return "info"
    grave = notice.severity in {Severity.P0, Severity.P1}
    return "failure" if grave else "warning"
