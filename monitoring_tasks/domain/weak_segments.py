"""Segments nobody declared in which a model does worse."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakSegment:
    """A segment on which the mean loss of a row is surely larger than elsewhere.

    All numbers come from rows the segment was not found on.

    Attributes:
        rule: Which rows, e.g. `carrier in {AA, UA} and distance > 1,200`.
        rows: Rows of the segment among those.
        share: Their share of them, 0..1.
        value: Mean loss of the segment's rows.
        elsewhere: Mean loss of all other rows.
        lower: Lower end of the interval of `value` - `elsewhere`.
        upper: Upper end of it.
        reference: Mean loss of the segment on the version's reference; None if unknown.
        rise: By how much the segment lost more than elsewhere did since the reference:
            about 0 for a segment that was always hard. None if unknown.
        rise_lower: Lower end of its interval.
        rise_upper: Upper end of its interval.
    """

    rule: str
    rows: int
    share: float
    value: float
    elsewhere: float
    lower: float
    upper: float
    reference: float | None = None
    rise: float | None = None
    rise_lower: float | None = None
    rise_upper: float | None = None

    @property
    def is_new(self) -> bool:
        """Whether the segment surely lost more than the rest since the reference."""
        return self.rise_lower is not None and self.rise_lower > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakSegments:
    """What a search for weak segments came to.

    Attributes:
        metric: What the mean loss is: `log_loss`, `error_rate` or `mae`; empty when
            there was nothing to search.
        version: The version that scored the rows.
        days: Days the rows come from.
        rows: Rows the numbers rest on: half of those searched.
        slices: Segments that were tried; the intervals hold for all of them at once.
        segments: Those that are surely worse, the costliest first.
        reason: Why there is none, or a remark.
    """

    metric: str = ""
    version: str = ""
    days: tuple[date, ...] = ()
    rows: int = 0
    slices: int = 0
    segments: tuple[WeakSegment, ...] = ()
    reason: str = ""
