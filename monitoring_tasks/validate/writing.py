"""Texts that mean the same and are written otherwise."""

import unicodedata
from collections.abc import Collection

FEWEST_CHARACTERS = 3
"""A shorter text is the beginning of too many."""


def is_rewritten(text: str, known: Collection[str]) -> bool:
    """Whether a text is one of the known ones in another writing.

    Case, blanks, accents and the form of Unicode do not count, nor does an end that was
    cut off.

    Args:
        text: A text that is not among the known ones.
        known: Texts.
    """
    plain = _folded(text)
    folded = {_folded(other) for other in known}
    if plain in folded:
        return True
    is_long = len(plain) >= FEWEST_CHARACTERS
    return is_long and any(other.startswith(plain) for other in folded)


def _folded(text: str) -> str:
    """Return a text without case, blanks and accents."""
    parts = unicodedata.normalize("NFKD", text)
    letters = (c for c in parts if not unicodedata.combining(c) and not c.isspace())
    return "".join(letters).casefold()
