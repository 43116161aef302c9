"""What Jira and Confluence share: logins, and texts in their document format."""

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from monitoring_tasks.connections import Credentials
from monitoring_tasks.domain.messages import Link
from monitoring_tasks.respond.channels.lengths import shortened, utf16_units

LONGEST_LINE = 4_000
MOST_TEXT = 24_000
"""Jira takes 32,767 characters of a description or comment; its format takes some."""


def authorization(credentials: Credentials) -> dict[str, str]:
    """Return the header that logs in: mail address and API token, or a token alone."""
    if not credentials.login:
        return {"Authorization": f"Bearer {credentials.password}"}
    login = f"{credentials.login}:{credentials.password}".encode()
    return {"Authorization": f"Basic {b64encode(login).decode()}"}


def document_of(
    lines: Iterable[str], links: Iterable[Link] = (), commands: Iterable[str] = ()
) -> dict[str, Any]:
    """Return a document in Atlassian's format: a paragraph a line, links, commands.

    Args:
        lines: Plain text.
        links: Shown by their text.
        commands: Shown as code.
    """
    room, content = MOST_TEXT, []
    for line in lines:
        text = shortened(line, max(1, min(LONGEST_LINE, room)), utf16_units)
        room -= utf16_units(text)
        content.append(_paragraph({"type": "text", "text": text}))
        if room <= 0:
            break
    for link in links:
        mark = {"type": "link", "attrs": {"href": link.href}}
        text = shortened(link.text, LONGEST_LINE, utf16_units)
        content.append(_paragraph({"type": "text", "text": text, "marks": [mark]}))
    code = shortened("\n".join(commands), LONGEST_LINE, utf16_units)
    if code:
        text_node = {"type": "text", "text": code}
        content.append({"type": "codeBlock", "attrs": {}, "content": [text_node]})
    return {"type": "doc", "version": 1, "content": content}


def _paragraph(node: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "content": [node]}
