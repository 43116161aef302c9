"""A model whose verdict keeps changing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Flapping:
    """Whether an alarm comes and goes too often to be told of each time.

    Attributes:
        is_flapping: Whether it does on the day.
        changes: Changes between good and confirmed bad.
        of_days: Valid days they were counted among.
    """

    is_flapping: bool
    changes: int
    of_days: int
