"""Texts that mean the same and are written otherwise."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable

FEWEST_CHARACTERS = 3
"""A shorter text is the beginning of too many."""


class Writings:
    """Known texts, whatever their case, blanks, accents and form of Unicode.

    Each is folded once and kept in order, so that a text is looked up and not compared
    with all of them: columns have thousands of categories.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        """Fold the texts."""
        self._folded = sorted({_folded(text) for text in texts})

    def holds(self, text: str) -> bool:
        """Whether a text is one of them in another writing, or its beginning.

        Args:
            text: A text that is not among the known ones.
        """
        plain = _folded(text)
        place = bisect_left(self._folded, plain)
        if place == len(self._folded):
            return False
        # In order, what begins with a text stands right behind it.
        nearest = self._folded[place]
        is_long = len(plain) >= FEWEST_CHARACTERS
        return nearest == plain or (is_long and nearest.startswith(plain))


def _folded(text: str) -> str:
    """Return a text without case, blanks and accents."""
    if text.isascii():
        return "".join(text.split()).casefold()
    parts = unicodedata.normalize("NFKD", text)
    letters = (c for c in parts if not unicodedata.combining(c) and not c.isspace())
    return "".join(letters).casefold()
