"""What is promised of a model, every limit of its judgement, and who may act."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from monitoring_tasks.contract.alarms import AlarmPolicy
from monitoring_tasks.contract.attribution import AttributionPolicy
from monitoring_tasks.contract.likeness import LikenessPolicy
from monitoring_tasks.contract.flavors import LoadingPolicy
from monitoring_tasks.contract.contract_model import Part
from monitoring_tasks.contract.outcome import OutcomePolicy
from monitoring_tasks.contract.labels import ForecastPolicy, LabelPolicy
from monitoring_tasks.contract.release import ReleasePolicy
from monitoring_tasks.contract.severity import SeverityPolicy
from monitoring_tasks.contract.timestamps import TimestampPolicy
from monitoring_tasks.contract.trust import TrustPolicy
from monitoring_tasks.contract.tuning import TuningPolicy
from monitoring_tasks.contract.weak_segments import WeakSegmentPolicy
from monitoring_tasks.domain.findings import Measurement

Ratio = Annotated[float, Field(ge=0, le=1)]


class Objective(Part):
    """A promise about one number; crossing it for long enough is a breach.

    Attributes:
        metric: e.g. `roc_auc`, `f1`, `brier`, `mae`, `error_ratio`.
        source: Which kind of number it is about.
        segment: `all`, or `column=value`.
        column: The protected attribute, for a gap between its groups.
        min: Smallest acceptable value.
        max: Largest acceptable value.
        over: Horizon of the policy, e.g. `28d`, that alone is judged; left out, all.
        max_drop: Largest acceptable loss against the version's own reference; the
            limit also leaves room for the reference's day-to-day spread.
        hard_min: A breach whose whole interval lies below is of the gravest kind.
        hard_max: A breach whose whole interval lies above is of the gravest kind.
    """

    metric: str
    source: Literal["realized", "estimated", "fairness", "service"]
    segment: str = "all"
    column: str = ""
    min: float | None = None
    max: float | None = None
    max_drop: float | None = Field(default=None, gt=0)
    over: str | None = Field(default=None, pattern=r"^[1-9][0-9]{0,2}d$")
    hard_min: float | None = None
    hard_max: float | None = None

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.min is None and self.max is None and self.max_drop is None:
            msg = "an objective needs at least one of min, max, max_drop"
            raise ValueError(msg)
        if self.min is not None and self.max is not None and self.min > self.max:
            msg = f"min ({self.min}) lies above max ({self.max}): nothing can meet it"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _hard_beyond(self) -> Self:
        for hard, soft, sign in (
            (self.hard_min, self.min, 1),
            (self.hard_max, self.max, -1),
        ):
            if hard is not None and soft is not None and sign * (hard - soft) > 0:
                msg = f"the hard limit {hard} is crossed before the limit {soft} is"
                raise ValueError(msg)
        return self

    @property
    def over_days(self) -> int | None:
        """The days of the only horizon it is judged over; None for every one."""
        return int(self.over.removesuffix("d")) if self.over else None

    def horizons_in(self, policy: "Policy") -> tuple["Horizon", ...]:
        """The horizons of a policy it is judged over, shortest first."""
        days = self.over_days
        return tuple(h for h in policy.horizons if days in {None, h.days})

    def is_about(self, number: Measurement) -> bool:
        """Whether a number, of whatever version and horizon, is the promised one."""
        return (self.source, self.metric, self.column, self.segment) == (
            number.kind.value,
            number.metric,
            number.column,
            number.segment,
        )

    def is_past_hard(self, number: Measurement) -> bool:
        """Whether the promised number's whole interval lies past a hard limit."""
        lower = number.value if number.lower is None else number.lower
        upper = number.value if number.upper is None else number.upper
        if lower is None or upper is None or not self.is_about(number):
            return False
        return (self.hard_min is not None and upper < self.hard_min) or (
            self.hard_max is not None and lower > self.hard_max
        )


class Horizon(Part):
    """How many days are pooled before a number is held against its reference.

    Attributes:
        days: Valid days of the same version up to the day, pooled by adding counts.
        false_alarm: Probability that a healthy model's number crosses a learnt limit
            on a day.
    """

    days: int = Field(ge=1, le=366)
    false_alarm: float = Field(gt=0, le=0.2)


class PersistenceRule(Part):
    """How many bad days out of how many valid ones confirm a breach."""

    bad_days: int = Field(default=2, ge=1)
    of_days: int = Field(default=3, ge=1)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.bad_days > self.of_days:
            msg = f"{self.bad_days} bad days cannot happen in {self.of_days} days"
            raise ValueError(msg)
        return self


class DriftPolicy(Part):
    """Which distance is judged for which column, and from where it warns.

    Attributes:
        continuous: Distance for continuous columns, scores and predicted numbers.
        categorical: Distance for categorical columns and the one of many classes.
        min_distance: A smaller distance never warns, however unusual.
        false_alarm: Probability that a column of a healthy day crosses its limit.
        multivariate: Whether to reconstruct the rows by PCA (NannyML) as well.
        domain_classifier: Whether to tell a day's rows from the reference's by a
            classifier (NannyML) as well; about a second a day.
        segments: Whether the columns are judged in every declared segment as well;
            measured there they are in any case.
    """

    continuous: Literal[
        "jensen_shannon", "hellinger", "kolmogorov_smirnov", "wasserstein", "psi"
    ] = "jensen_shannon"
    categorical: Literal["jensen_shannon", "hellinger", "l_infinity", "psi", "chi2"] = (
        "jensen_shannon"
    )
    min_distance: float = Field(default=0.1, ge=0)
    false_alarm: float = Field(default=0.001, gt=0, le=0.2)
    multivariate: bool = True
    domain_classifier: bool = False
    segments: bool = False

    @model_validator(mode="after")
    def _counted_in_segments(self) -> Self:
        if self.segments and self.continuous in {"kolmogorov_smirnov", "wasserstein"}:
            msg = (
                f"drift.segments: {self.continuous} is not measured in segments, whose "
                "rows have no fine bins; choose jensen_shannon, hellinger or psi"
            )
            raise ValueError(msg)
        return self


class VersionPolicy(LoadingPolicy):
    """How other registered versions are held against the live one.

    Attributes:
        when: `breach`: on a day in breach; `release`: also while a release is young,
            against the version it replaced; `always`: every day, releases as well.
        candidates: How many earlier versions to score, those that served first; the
            contract's fallback comes on top.
        time_limit_seconds: After this a version that does not answer is given up.
        metric: The metric a version must be better by; left out, `roc_auc` for a
            binary model, `accuracy` for a multiclass one, `mae` for a regression.
        margin: The smallest gain anybody cares about, in units of the metric.
        pool_days: Days of the same version pooled for the comparison.
        release: When a release counts as worse than what it replaced.
    """

    when: Literal["always", "release", "breach"] = "release"
    candidates: int = Field(default=2, ge=0)
    time_limit_seconds: float = Field(default=120, gt=0)
    metric: Literal["roc_auc", "accuracy", "brier", "mae", "rmse"] | None = None
    margin: float = Field(default=0.01, ge=0)
    pool_days: int = Field(default=3, ge=1)
    release: ReleasePolicy = ReleasePolicy()


class Policy(Part):
    """Every limit of the judgement; no such number stands in the code.

    Attributes:
        min_rows: Fewer rows than this are never judged.
        max_segments: Most values of a segment or protected column that are watched one
            by one: those of the reference, and those with the most rows.
        min_group_rows: A protected group with fewer rows that count (positives, for a
            true positive rate) has no rate and is left out of gaps.
        confidence: Level of every interval.
        persistence: When a breach counts as confirmed.
        slow_persistence: A second such rule, for trouble that comes and goes.
        horizons: Over how many days numbers are pooled, shortest first.
        min_reference_days: Fewer reference days teach no limit.
        min_pooled_reference_days: The same for numbers over several days.
        run_length_days: Days between false alarms of the sequential detectors, all of
            a model's together, on average while nothing is worse.
        sequence_days: How far back they look.
        false_discovery_rate: Share of alarms among many columns, segments and groups
            of a day that may be chance.
        label_coverage: Share of rows with a label from which a day is mature.
        look_back_days: How far back late labels re-open a day; see `reach_days`.
        max_action_age_days: Older days never page anyone nor move an alias; what labels
            say ages from the instant they could be known.
        onset_days: A breach that began this soon after a version went live may be
            blamed on the version.
        cool_down_days: Valid days after an alias move before Daywatch may move it
            again.
        timestamps: Which instants the rows of a day may be about.
        likeness: From where a batch is too unlike the reference to be fit.
        drift: Limits on drift.
        attribution: Whether the version is asked which inputs its scores hang on.
        outcome: When labels, or the scores' fit to them, are said to have moved.
        trust: When an estimate may breach.
        tuning: What limits may cost in false alarms.
        forecast: When a decline is told of before it breaks an objective.
        labels: When missing labels are a signal.
        versions: How versions are compared.
        weak_segments: When and how slices are searched that do worst.
        severity: How severity and cause are chosen.
        alarms: When alarms are gathered rather than told one by one.
        sample_rows: Size of the deterministic sample for row-level estimators.
        excluded_days: Days that are recorded and never judged.
        recovery_days: Consecutive good days after which an incident resolves.
    """

    min_rows: int = Field(default=100, ge=1)
    max_segments: int = Field(default=100, ge=1)
    min_group_rows: int = Field(default=30, ge=1)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    persistence: PersistenceRule = PersistenceRule()
    slow_persistence: PersistenceRule = PersistenceRule(bad_days=4, of_days=14)
    horizons: tuple[Horizon, ...] = Field(
        default=(
            Horizon(days=1, false_alarm=0.01),
            Horizon(days=7, false_alarm=0.005),
            Horizon(days=28, false_alarm=0.002),
        ),
        min_length=1,
    )
    min_reference_days: int = Field(default=14, ge=2)
    min_pooled_reference_days: int = Field(default=28, ge=2)
    run_length_days: float = Field(default=730, gt=1)
    sequence_days: int = Field(default=90, ge=2)
    false_discovery_rate: float = Field(default=0.05, gt=0, le=0.5)
    label_coverage: Ratio = 0.8
    look_back_days: int = Field(default=30, ge=0)
    max_action_age_days: int = Field(default=3, ge=0)
    onset_days: int = Field(default=28, ge=1)
    cool_down_days: int = Field(default=7, ge=0)
    timestamps: TimestampPolicy = TimestampPolicy()
    likeness: LikenessPolicy = LikenessPolicy()
    drift: DriftPolicy = DriftPolicy()
    attribution: AttributionPolicy = AttributionPolicy()
    outcome: OutcomePolicy = OutcomePolicy()
    trust: TrustPolicy = TrustPolicy()
    tuning: TuningPolicy = TuningPolicy()
    forecast: ForecastPolicy = ForecastPolicy()
    labels: LabelPolicy = LabelPolicy()
    versions: VersionPolicy = VersionPolicy()
    weak_segments: WeakSegmentPolicy = WeakSegmentPolicy()
    severity: SeverityPolicy = SeverityPolicy()
    alarms: AlarmPolicy = AlarmPolicy()
    sample_rows: int = Field(default=100_000, ge=1)
    excluded_days: tuple[date, ...] = ()
    recovery_days: int = Field(default=3, ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        days = [horizon.days for horizon in self.horizons]
        if days[0] != 1 or days != sorted(set(days)):
            msg = f"horizons have to start at 1 day and grow; these are {days}"
            raise ValueError(msg)
        return self

    @property
    def label_wait_days(self) -> int:
        """Days that labels may take, as far as the contract says so."""
        stated = self.labels.stated_delay
        return (stated and stated.days) or 0

    @property
    def reach_days(self) -> int:
        """How far back changed labels re-open a day; past the stated delay."""
        late = self.label_wait_days
        return max(self.look_back_days, late and late + self._after_labels)

    @property
    def _after_labels(self) -> int:
        # Labels that come in the course of a day are met by the look of the next.
        return max(self.max_action_age_days, 2)


class BusinessValue(Part):
    """What each outcome of a binary decision is worth, in one currency unit."""

    true_positive: float = 0.0
    false_positive: float = 0.0
    true_negative: float = 0.0
    false_negative: float = 0.0
