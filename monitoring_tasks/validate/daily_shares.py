"""A share by day, measured against the other days and against the days just before."""

from dataclasses import dataclass

from monitoring_tasks.statistics.arrays import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyShares:
    """How unlike other days each day of a baseline is, as a share of its values.

    Attributes:
        from_others: Of every day, against all others. Shape (n_days,), 0..1.
        from_days_before: Of every day with enough days before it, against those.
    """

    from_others: Floats
    from_days_before: Floats
