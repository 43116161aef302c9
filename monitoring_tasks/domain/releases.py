"""A release watched over its first days: what each day said."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDay:
    """Two versions on the same rows of one day.

    Attributes:
        day: The calendar day.
        champion: The value of the version that served.
        candidate: The value of the version it is held against.
        gain: How much better the candidate is; positive is better, whatever the
            metric.
        error: The gain's standard error from sampling rows.
        rows: Labelled rows both were measured on.
    """

    day: date
    champion: float
    candidate: float
    gain: float
    error: float
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedDay:
    """Which version served a day, and whether it kept what is promised.

    Attributes:
        day: The calendar day.
        version: The version most rows were scored with; empty when there were none.
        in_breach: Whether the day's performance was in breach.
    """

    day: date
    version: str
    in_breach: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A version that took over from another.

    Attributes:
        version: The version released.
        replaced: The good version that served before it.
        since: The first day it served.
    """

    version: str
    replaced: str
    since: date
