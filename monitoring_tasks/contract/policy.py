"""The key `policy`: every limit of the judgement; a part has a module of its name."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from monitoring_tasks.contract.alarms import AlarmPolicy
from monitoring_tasks.contract.attribution import AttributionPolicy
from monitoring_tasks.contract.contract_model import ContractModel, Ratio
from monitoring_tasks.contract.drift import DriftPolicy
from monitoring_tasks.contract.forecast import ForecastPolicy
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.labels import LabelPolicy
from monitoring_tasks.contract.outcome import OutcomePolicy
from monitoring_tasks.contract.outputs import OutputPolicy
from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.contract.reference_gate import ReferenceGatePolicy
from monitoring_tasks.contract.severity import SeverityPolicy
from monitoring_tasks.contract.timestamps import TimestampPolicy
from monitoring_tasks.contract.trust import TrustPolicy
from monitoring_tasks.contract.tuning import TuningPolicy
from monitoring_tasks.contract.versions import VersionPolicy
from monitoring_tasks.contract.warnings import WarningPolicy
from monitoring_tasks.contract.weak_segments import WeakSegmentPolicy


class Policy(ContractModel):
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
        reference_gate: From where a batch is too unlike the reference to be fit.
        drift: Limits on drift.
        attribution: Whether the version is asked which inputs its scores hang on.
        outcome: When labels, or the scores' fit to them, are said to have moved.
        outputs: When scores, decisions and predictions are said to have moved.
        trust: When an estimate may breach.
        tuning: What limits may cost in false alarms.
        forecast: When a decline is told of before it breaks an objective.
        warnings: When a warning that breaks no promise is an incident.
        labels: When missing labels are a signal.
        versions: How versions are compared.
        weak_segments: When and how segments are searched that do worst.
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
    reference_gate: ReferenceGatePolicy = ReferenceGatePolicy()
    drift: DriftPolicy = DriftPolicy()
    attribution: AttributionPolicy = AttributionPolicy()
    outcome: OutcomePolicy = OutcomePolicy()
    outputs: OutputPolicy = OutputPolicy()
    trust: TrustPolicy = TrustPolicy()
    tuning: TuningPolicy = TuningPolicy()
    forecast: ForecastPolicy = ForecastPolicy()
    warnings: WarningPolicy = WarningPolicy()
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
    def remembered_days(self) -> int:
        """How many days before a day tell which version a release replaced."""
        return self.onset_days + self.look_back_days

    @property
    def reach_days(self) -> int:
        """How far back changed labels re-open a day; past the stated delay."""
        late = self.label_wait_days
        return max(self.look_back_days, late and late + self._after_labels)

    @property
    def _after_labels(self) -> int:
        # Labels that come in the course of a day are met by the look of the next.
        return max(self.max_action_age_days, 2)
