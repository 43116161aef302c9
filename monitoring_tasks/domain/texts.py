"""Text that comes from data: how much of it is kept and shown."""

from hashlib import sha256

MAX_TEXT = 80
"""Longer texts are no names; a customer's words are not to be repeated at length."""
DIGITS = 12
_KEPT = MAX_TEXT - DIGITS - 2


def short_text(text: str) -> str:
    """Return a text of at most `MAX_TEXT` characters: different texts stay different.

    A longer one keeps its beginning and ends in digits of its SHA-256.

    >>> short_text("north")
    'north'
    >>> short_text("x" * 1000)[60:]
    'xxxxxx… a18e65bc9b72'
    """
    if len(text) <= MAX_TEXT:
        return text
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{text[:_KEPT]}… {digest[:DIGITS]}"
