"""Lines that are chained: each names the digest of the one before it."""

from collections.abc import Iterable
from typing import Protocol

BEFORE_FIRST = "0" * 64
"""What the first line names as the digest of the line before it."""


class Chained(Protocol):
    """A line of a chain."""

    @property
    def number(self) -> int:
        """Its place in the chain, from 1."""

    @property
    def previous(self) -> str:
        """Digest of the line before it; `BEFORE_FIRST` for the first."""

    @property
    def digest(self) -> str:
        """The digest that was written with it."""

    def computed_digest(self) -> str:
        """Return the SHA-256 of what the line says now."""


def first_break(lines: Iterable[Chained]) -> str | None:
    """Say where a chain breaks; None when it holds.

    Args:
        lines: Every line, by number.
    """
    previous, number = BEFORE_FIRST, 0
    for line in lines:
        # In this order: a line cut out is the reason why the next one does not follow.
        if line.number != number + 1:
            return f"line {number + 1} is missing; line {line.number} follows {number}"
        if line.previous != previous:
            return f"line {line.number} does not follow the line before it"
        if line.digest != line.computed_digest():
            return f"line {line.number} was changed after it was written"
        previous, number = line.digest, line.number
    return None
