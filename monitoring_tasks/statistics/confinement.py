"""Whether one part of the rows holds most of those that fail."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

CONFINED = 0.5
"""Share of the failing rows that one part has to hold to be where the fault is."""
PURER = 2.0
"""How many times more of its rows than of all rows have to fail there."""


class Part(Protocol):
    """A part of the rows."""

    @property
    def share(self) -> float:
        """Share of its rows that fail, 0..1."""

    @property
    def rows(self) -> float:
        """How many of its rows fail."""


P = TypeVar("P", bound=Part)


def confined_to(parts: Iterable[P], *, failing: float, share: float) -> P | None:
    """Return the part that most of the failing rows lie in; None where none does.

    Of several the one whose rows fail most often: larger ones hold it, and much else.

    Args:
        parts: Parts of the rows; they may overlap.
        failing: How many of all rows fail.
        share: What share of all rows that is, 0..1.
    """
    enough = [
        part
        for part in parts
        if part.rows >= CONFINED * failing and part.share >= PURER * share
    ]
    return max(enough, key=lambda part: (part.share, part.rows), default=None)
