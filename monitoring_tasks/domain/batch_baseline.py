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
            the distance between the day's hours and the usual ones), `gap/<column>`
            (usual share of the widest gap in its hours), `beyond/<column>` (of values
            outside `ends`), `far/<column>` (of values far outside them),
            `low/<column>` and `high/<column>` (of values past the 1 % quantile of
            `distributions`), `shape/<column>` (largest distance between the
            distribution functions of the day and of the other days), `lost/<column>`
            (what is missing of categories, below `least`), `finer0/<column>` (of values
            other than 0 with more than 0 decimals; `finer1/` and `finer2/` alike), and
            of rows unlike what was ever seen, by the names `BatchSummary.unlike` has:
            each 0..1.
        quantiles: Continuous column -> its daily quantiles.
        logarithms: Continuous column -> logarithm of its daily median; columns whose
            median was above 0 on every day.
        categories: Column -> category -> share of the values.
        least: Column -> category -> its smallest share on a day.
        distributions: Continuous column -> points, the quantiles of all days.
        cumulative: Continuous column -> usual share of values up to each point.
        ends: Continuous column -> its smallest and largest value, widened by how far
            the most extreme day exceeds all others.
        hours: Timestamp, and calendar columns that count hours -> share by hour.
        segments: `column=value` -> what its days have in common.
        relations: What the columns say of each other.
    """

    days: int
    rows: Baseline
    weekdays: tuple[float, ...] = ()
    shares: Mapping[str, Baseline] = field(default_factory=dict)
    quantiles: Mapping[str, tuple[Baseline, ...]] = field(default_factory=dict)
    logarithms: Mapping[str, Baseline] = field(default_factory=dict)
    categories: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    least: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    distributions: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    cumulative: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    ends: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    hours: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    segments: Mapping[str, "BatchBaseline"] = field(default_factory=dict)
    relations: Relations = field(default_factory=Relations)
