"""What Daywatch said at one look at one day."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

FAILED = "failed"
"""Verdict of a day whose step failed: Airflow says so, Daywatch tells nobody."""
LOUD = frozenset({"P0", "P1", "P2"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look.

    Attributes:
        number: The lived day it was made on, from 0.
        lived: That day; it is looked at on the next morning.
        day: The day it is about: that one, or the one whose labels have come.
        verdict: Verdict of the day.
        severity: `P0` to `P3`; empty for none.
        cause: Where the trouble comes from; empty for none.
        is_incident: Whether an incident or more was asked for.
        rollback_to: The version to put back; empty for none.
        why: The most important sentence.
    """

    number: int
    lived: date
    day: date
    verdict: str
    severity: str
    cause: str
    is_incident: bool
    rollback_to: str
    why: str

    @property
    def is_loud(self) -> bool:
        """Whether somebody has to act: an incident, P2 or graver."""
        return self.is_incident and self.severity in LOUD

    @property
    def is_told(self) -> bool:
        """Whether anything is said at all, a P3 included."""
        return bool(self.severity)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON."""
        return asdict(self) | {
            "lived": self.lived.isoformat(),
            "day": self.day.isoformat(),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Read a look back."""
        days = {name: date.fromisoformat(kept[name]) for name in ("lived", "day")}
        return cls(**{**kept, **days})
