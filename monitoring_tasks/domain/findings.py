"""Numbers about a day, and what was thought of them.

A `Measurement` is a number with its uncertainty; a `Finding` is a measurement
held against a limit. Absence is written down as a measurement without a value
and a reason, so that it can never be mistaken for health.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.reasons import ReasonCode


class Kind(StrEnum):
    """Where a number comes from."""

    DATA = "data"
    DRIFT = "drift"
    ESTIMATED = "estimated"
    REALIZED = "realized"
    FAIRNESS = "fairness"
    SERVICE = "service"
    COMPARISON = "comparison"
    SEQUENCE = "sequence"
    FORECAST = "forecast"
    LABELS = "labels"
    OUTCOME = "outcome"
    REPRODUCTION = "reproduction"
    OUTPUT = "output"
    TOO_GOOD = "too_good"
    SEGMENT = "segment"


ADVISORY = frozenset(
    {
        Kind.DRIFT,
        Kind.FORECAST,
        Kind.LABELS,
        Kind.OUTCOME,
        Kind.REPRODUCTION,
        Kind.OUTPUT,
        Kind.TOO_GOOD,
        Kind.SEGMENT,
    }
)
"""Kinds that do not say how well the model does: they may warn and never breach."""


class Verdict(StrEnum):
    """What is thought of a finding, a day or a version."""

    OK = "ok"
    EXCLUDED = "excluded"
    IMMATURE = "immature"
    INCONCLUSIVE = "inconclusive"
    NO_DATA = "no_data"
    WARN = "warn"
    ERROR = "error"
    BREACH = "breach"


# From what needs a person least to what needs one most. Absent evidence ranks
# above `ok`, so a day is only `ok` when something was measured and found good;
# a monitor that failed (`error`) ranks above a mere warning.
SEVEREST_LAST = (
    Verdict.EXCLUDED,
    Verdict.OK,
    Verdict.IMMATURE,
    Verdict.INCONCLUSIVE,
    Verdict.NO_DATA,
    Verdict.WARN,
    Verdict.ERROR,
    Verdict.BREACH,
)

VALID = frozenset({Verdict.OK, Verdict.WARN, Verdict.BREACH})
"""Verdicts that say something about the model; only they count in k-of-n."""

LOUD = frozenset({Verdict.WARN, Verdict.BREACH})
"""Verdicts that somebody should hear of."""

FIT = frozenset({Verdict.OK, Verdict.WARN})
"""Verdicts on its data with which a day is fit to judge a model by."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that needs a person most; `no_data` for none at all.

    >>> worst([Verdict.OK, Verdict.WARN, Verdict.INCONCLUSIVE]).value
    'warn'
    """
    return max(verdicts, key=SEVEREST_LAST.index, default=Verdict.NO_DATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One number about one model version on one day.

    Attributes:
        kind: Where the number comes from.
        metric: Name of the metric or distance, e.g. `roc_auc`, `jensen_shannon`.
        column: The column it is about; empty for numbers about the whole batch.
        segment: `all`, or `column=value`.
        version: The model version the rows were scored with.
        value: The number; None when it could not be computed.
        lower: Lower end of the interval at the policy's confidence.
        upper: Upper end of the interval.
        rows: Rows behind the number.
        reason: Why there is no value, or a remark on it.
        horizon: Days pooled in the number, the last one being the day itself.
    """

    kind: Kind
    metric: str
    version: str
    column: str = ""
    segment: str = "all"
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    rows: int = 0
    reason: str = ""
    horizon: int = 1

    @property
    def key(self) -> tuple[str, str, str, str, str, int]:
        """What identifies the number within a day."""
        who = (self.kind, self.metric, self.column, self.segment, self.version)
        return (*who, self.horizon)

    def with_remark(self, remark: str) -> Self:
        """Return the number with something said of it beside what was said before.

        Args:
            remark: In words; empty for nothing.
        """
        return replace(self, reason="; ".join(filter(None, (self.reason, remark))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The span a number may lie in, and where the span comes from.

    Attributes:
        low: Smallest acceptable value; None for no lower limit.
        high: Largest acceptable value; None for no upper limit.
        origin: Where the limit comes from, in words a reader understands.
        reference: The value on the reference, if there is one.
        advisory: True when crossing it may warn but never breach.
        false_alarm: Probability that a healthy day's number crosses it; None where
            nothing was learnt. Such a limit has the number's own sampling error in
            it: the value is held against it, not the interval.
    """

    low: float | None = None
    high: float | None = None
    origin: str = ""
    reference: float | None = None
    advisory: bool = False
    false_alarm: float | None = None


USUAL_CODES: Mapping[Verdict, ReasonCode] = {
    Verdict.OK: ReasonCode.WITHIN_LIMITS,
    Verdict.EXCLUDED: ReasonCode.NOT_JUDGED,
    Verdict.IMMATURE: ReasonCode.IMMATURE_LABELS,
    Verdict.INCONCLUSIVE: ReasonCode.INTERVAL_CROSSES_LIMIT,
    Verdict.NO_DATA: ReasonCode.NOT_MEASURED,
    Verdict.WARN: ReasonCode.ADVISORY_LIMIT_CROSSED,
    Verdict.ERROR: ReasonCode.NOT_MEASURED,
    Verdict.BREACH: ReasonCode.LIMIT_CROSSED,
}
"""Why a number has its verdict, where nothing more special is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A measurement held against a limit, with the reason in words.

    Attributes:
        measurement: The number.
        verdict: What is thought of it.
        reason: One sentence.
        limit: What it was held against.
        p_value: Probability of a value at least so far off while nothing changed, or
            while the number lies on the promised limit; None where nothing tells how
            far chance moves it.
        reason_code: What the reason is, where it is not the usual one of the verdict.
    """

    measurement: Measurement
    verdict: Verdict
    reason: str
    limit: Limit | None = None
    p_value: float | None = None
    reason_code: ReasonCode | None = None

    @property
    def code(self) -> ReasonCode:
        """What the reason is, to count and filter by."""
        return self.reason_code or USUAL_CODES[self.verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One statement about the data and whether it held.

    Attributes:
        gate: One of `GATES`.
        name: What was expected, e.g. `expect_column_mean_to_be_between`.
        column: The column it is about; empty for the table.
        status: `passed`, `failed`, `errored` (could not be evaluated) or `skipped`.
        severity: `critical`, `warning` or `info`.
        observed: What was seen instead, short.
        failing_rows: How many rows did not hold; 0 when it is not about rows.
        failing_ids: The first few ids of those rows; ids only, never whole rows.
        is_new: Whether days just before that were not damaged are known to have held.
    """

    gate: str
    name: str
    status: str
    severity: str
    column: str = ""
    observed: str = ""
    failing_rows: int = 0
    failing_ids: tuple[str, ...] = ()
    is_new: bool = False

    @classmethod
    def from_json(cls, plain: JsonObject) -> Self:
        """Read a check back from JSON."""
        return cls(**{**plain, "failing_ids": tuple(plain["failing_ids"])})

    @classmethod
    def held(cls, gate: str, name: str) -> Self:
        """Return the check that something critical is as it has to be."""
        return cls(gate=gate, name=name, status="passed", severity="critical")

    @property
    def about(self) -> tuple[str, str]:
        """What is stated, and of which column."""
        return self.name, self.column


REFERENCE_GATE = "reference"
"""The gate that holds rows against the version's reference."""
NO_MORE_NULLS = "no_more_nulls_than_usual"
"""Its statement that a column has a value in as many rows as it usually has."""
LABEL_GATE = "labels"
"""The gate that holds labels against those of days before."""
GATES = ("presence", "rows", "schema", "keys", "nulls", "values", REFERENCE_GATE)
"""The order in which data is checked: a failed gate takes the sense of later ones."""


def measurement_of(number: Finding | Measurement) -> Measurement:
    """Return the bare number, whether it was judged or not."""
    return number.measurement if isinstance(number, Finding) else number


def label_faults_in(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return in what labels are unlike those of the days before."""
    return tuple(
        c for c in checks if (c.gate, c.status) == (LABEL_GATE, "failed") and c.is_new
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DataVerdict:
    """Whether a batch is fit to judge a model by.

    Attributes:
        verdict: `ok`, `warn`, `breach` (a critical check failed), `error` or `no_data`.
        reason: One sentence.
        checks: Every check that was made.
    """

    verdict: Verdict
    reason: str
    checks: tuple[Check, ...] = ()

    @property
    def is_fit(self) -> bool:
        """Whether later steps may judge the model by this batch."""
        return self.verdict in FIT
