"""Texts made to fit: cleaned of what hides, shortened in a receiver's unit."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import accumulate
from urllib.parse import quote

from monitoring_tasks.domain.messages import Link, Notice

ELLIPSIS = "…"
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Marks that turn or hide text, with which a name could show as another."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters, and the two that begin a line for some readers only."""
SAFE = "%/:?#[]@!$&'()*+,;=~"
"""What stays as it is in an address."""
_JOINERS = "\u200d\ufe0e\ufe0f"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
DIGITS = 12
MOST_MARKS = 16
"""What has more marks on one letter is no letter; it may be cut anywhere."""

Unit = Callable[[str], int]
"""How a receiver counts a text."""


def characters(text: str) -> int:
    """Return the number of code points."""
    return len(text)


def utf16_units(text: str) -> int:
    """Return the length as JavaScript and Java count it."""
    return len(text) + sum(ord(char) > 0xFFFF for char in text)  # noqa: PLR2004


def utf8_bytes(text: str) -> int:
    """Return the number of bytes as sent."""
    return len(text.encode())


def shortened(text: str, most: int, unit: Unit = characters) -> str:
    """Return a text of at most `most` units; a longer one ends in an ellipsis.

    A cut leaves no half of what a reader sees as a character.

    Args:
        text: The text.
        most: Most units, as many as the ellipsis or more.
        unit: How the receiver counts.

    >>> shortened("daywatch", 5)
    'dayw…'
    """
    if unit(text) <= most:
        return text
    room = most - unit(ELLIPSIS)
    lengths = accumulate(unit(char) for char in text[:room])
    end = whole = sum(length <= room for length in lengths)
    while end and end > whole - MOST_MARKS and _joined(text[end - 1], text[end]):
        end -= 1
    return text[:end].rstrip() + ELLIPSIS


def shortened_key(key: str, most: int) -> str:
    """Return a key of at most `most` characters; different keys stay different.

    Args:
        key: Names something to another system.
        most: Most characters.
    """
    if len(key) <= most:
        return key
    return f"{key[: most - DIGITS - 1]}-{digest_of(key)}"


def digest_of(key: str) -> str:
    """Return twelve hexadecimal digits that stand for a key."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def plain_key(key: str) -> str:
    """Return a key that any system can hold; different keys stay different."""
    plain = one_line(key)
    return key if plain == key else f"{plain}-{digest_of(key)}"


def one_line(text: str) -> str:
    r"""Return a text without line breaks, control characters and marks that hide.

    >>> one_line("a\r\nBcc: b\x00\u202ec")
    'a Bcc: b c'
    """
    kept = _UNSEEN.sub("", text.encode("utf-8", "replace").decode())
    return " ".join(_CONTROL.sub(" ", kept).split())


def plain_notice(notice: Notice) -> Notice:
    """Return a notice whose every text is one line, safe to be put anywhere."""
    headline = one_line(notice.headline)
    return replace(
        notice,
        id=plain_key(notice.id),
        key=plain_key(notice.key),
        incident=one_line(notice.incident),
        model=one_line(notice.model) or "*",
        environment=one_line(notice.environment),
        cause=one_line(notice.cause),
        state=one_line(notice.state),
        headline=headline or f"{one_line(notice.model)}: {notice.occasion.value}",
        lines=tuple(filter(None, map(one_line, notice.lines))),
        facts=tuple((one_line(k), one_line(v)) for k, v in notice.facts),
        links=tuple(
            Link(
                text=one_line(link.text) or link.href,
                href=quote(link.href.encode("utf-8", "replace"), safe=SAFE),
            )
            for link in notice.links
            if re.match(r"(https?|file)://", link.href)
        ),
        owners=tuple(filter(None, map(one_line, notice.owners))),
        commands=tuple(filter(None, map(one_line, notice.commands))),
    )


def web_links(notice: Notice, longest: int) -> tuple[Link, ...]:
    """Return the links that open from anywhere and are not too long to be one.

    Args:
        notice: The notice.
        longest: Most characters of an address.
    """
    return tuple(
        link
        for link in notice.links
        if link.href.startswith("http") and len(link.href) <= longest
    )


def _joined(last: str, char: str) -> bool:
    is_mark = unicodedata.category(char).startswith("M") or char in _JOINERS
    return is_mark or ord(char) in _SKIN_TONES or last == "\u200d"
