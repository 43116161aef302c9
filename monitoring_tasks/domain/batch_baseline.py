"""What healthy days have in common, learnt from the days of a version's reference."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitoring_tasks.domain.relations import Relations


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """How a number of a day lies on healthy days.

    Attributes:
        mean: Mean over the days.
        spread: Standard deviation between days, sampling included, >= 0.
        low: Smallest of the days.
        high: Largest of the days.
        jump: Root mean square distance of a day from the mean of the days before it,
            as many as `recent_days`; the spread where no day has so many before it.
    """

    mean: float
    spread: float
    low: float
    high: float
    jump: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchBaseline:
    """What healthy days have in common.

    Attributes:
        days: How many days they were learnt from.
        rows: Logarithm of a day's rows, freed of the weekday.
        weekdays: What to add to it for each weekday, Monday first; empty where the
            weekdays do not differ or are too few to tell.
        shares: `nulls/<column>`, `common/<column>` (of its most common value),
            `unseen/<column>` (of categories no other day has), `sentinel/<column>` (of
            its most common number, if beyond all other days), `hours/<column>` (half
            the distance between the day's hours and the usual ones), and of rows unlike
            what was ever seen, by the names `BatchSummary.unlike` has: each 0..1.
        quantiles: Continuous column -> its daily quantiles.
        logarithms: Continuous column -> logarithm of its daily median; columns whose
            median was above 0 on every day.
        categories: Column -> category -> share of the values.
        always_present: Column -> the categories every day has.
        hours: Timestamp, and calendar columns that count hours -> share by hour.
        relations: What the columns say of each other.
    """

    days: int
    rows: Baseline
    weekdays: tuple[float, ...] = ()
    shares: Mapping[str, Baseline] = field(default_factory=dict)
    quantiles: Mapping[str, tuple[Baseline, ...]] = field(default_factory=dict)
    logarithms: Mapping[str, Baseline] = field(default_factory=dict)
    categories: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    always_present: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hours: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    relations: Relations = field(default_factory=Relations)
