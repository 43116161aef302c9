"""How far a version's estimates may be believed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitoring_tasks.domain.findings import Measurement

TrustKey = tuple[str, str, str]
"""Version, segment and metric of an estimate."""


class TrustVerdict(StrEnum):
    """What is thought of an estimator."""

    UNTESTED = "untested"
    TRUSTED = "trusted"
    DEMOTED = "demoted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedNumber:
    """A number as the newest look at its day has it.

    Attributes:
        day: The day it is about.
        measurement: The number.
        rows: Rows of its version and segment on the day.
        labelled: Those of them whose label was known.
    """

    day: date
    measurement: Measurement
    rows: int
    labelled: int

    def is_mature(self, label_coverage: float) -> bool:
        """Whether enough labels are known to believe a realized number."""
        return self.rows > 0 and self.labelled >= label_coverage * self.rows


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatorTrust:
    """How far the estimates of one number lay from what came true.

    Attributes:
        version: The version the rows were scored with.
        segment: `all`, or `column=value`.
        metric: Name of the metric.
        verdict: What follows from it.
        reason: One sentence.
        days: Mature days with both numbers.
        bias: Mean of estimated less realized, in units of the metric; positive means
            the estimates were too high. None without a day.
        lower: Lower end of the bias' interval; None with too few days.
        upper: Upper end of the bias' interval.
        mean_absolute_error: Mean distance, in units of the metric.
        interval_days: Those of the days whose numbers had an interval.
        coverage: Share of them on which the interval held the realized number, 0..1.
        correlation: Of estimated and realized over the days, -1..1; None where one of
            the two never moved.
        reach: How far beyond sampling the next estimate, freed of the bias, may lie
            from what comes true; None with too few days.
    """

    version: str
    segment: str
    metric: str
    verdict: TrustVerdict
    reason: str
    days: int = 0
    bias: float | None = None
    lower: float | None = None
    upper: float | None = None
    mean_absolute_error: float | None = None
    interval_days: int = 0
    coverage: float | None = None
    correlation: float | None = None
    reach: float | None = None
