"""How long after its end a day may wait for its labels."""

from dataclasses import dataclass
from enum import StrEnum

ROUND_DAYS = 2
"""Labels that come in the course of the last day are asked for on the next."""


class DelayOrigin(StrEnum):
    """Where a label delay is known from."""

    CONTRACT = "contract"
    USUAL = "usual"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDelay:
    """How long after its end a day's labels may come.

    Attributes:
        days: Whole days after the day's end by which enough labels are there; None
            where nobody knows, and where they never come.
        origin: Who says so: the contract, or how labels of earlier days came.
    """

    days: int | None = None
    origin: DelayOrigin = DelayOrigin.UNKNOWN

    @property
    def due_age(self) -> int | None:
        """Whole days after its end from which a day's missing labels are overdue."""
        return None if self.days is None else self.days + ROUND_DAYS

    @property
    def is_never(self) -> bool:
        """Whether the contract says that no labels will ever come."""
        return self.days is None and self.origin is DelayOrigin.CONTRACT


UNKNOWN_DELAY = LabelDelay()
