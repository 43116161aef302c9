"""The context of an incident: facts about a day in trouble beside its own numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.domain.orphans import Orphans


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerModel:
    """Another model of the workspace whose breach is confirmed on the same day.

    Attributes:
        model: Registered model name.
        tier: Its tier.
        cause: What its own triage said; None when nothing was said.
        onset: First bad day of its episode.
    """

    model: str
    tier: int
    cause: Cause | None
    onset: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedEffect:
    """How much of a loss the scores alone predict.

    Attributes:
        version: The version the rows were scored with.
        metric: Name of the metric.
        segment: `all`, or `column=value`.
        horizon: Days pooled in both numbers.
        realized: The loss that came true, in units of the metric; None if unknown.
        predicted: The loss the estimate shows; None if it cannot be estimated.
        is_surprising: Whether the predicted loss is more than allowed and than chance.
    """

    version: str
    metric: str
    segment: str
    horizon: int
    realized: float | None
    predicted: float | None
    is_surprising: bool = False

    @property
    def share(self) -> float | None:
        """Share of the loss that came true which was predicted; None if unknown."""
        if self.realized is None or self.predicted is None or self.realized <= 0:
            return None
        return self.predicted / self.realized


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnEffect:
    """What the move of one column would cost by itself, nothing else having changed.

    Attributes:
        version: The version the rows were scored with.
        column: The column that drifted.
        metric: Name of the metric.
        loss: What it would cost, in units of the metric; below 0 a gain; None if
            nobody knows.
        lower: Lower end of its interval.
        upper: Upper end of its interval.
        rows: Reference rows of equal weight that would say as much.
        unlike: Share of the day's rows of which the reference has none alike, 0..1;
            nothing is predicted of them.
        reason: Why nobody knows, or a remark.
    """

    version: str
    column: str
    metric: str
    loss: float | None = None
    lower: float | None = None
    upper: float | None = None
    rows: int = 0
    unlike: float = 0.0
    reason: str = ""

    @property
    def hurts(self) -> bool:
        """Whether the move surely costs something."""
        return self.lower is not None and self.lower > 0

    @property
    def is_harmless(self) -> bool:
        """Whether no loss is predicted, of nearly all of the day's rows."""
        return self.lower is not None and not self.hurts and self.unlike <= MOST_UNLIKE


MOST_UNLIKE = 0.1
"""Where more of a day is unlike all of the reference, nobody calls it harmless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a person made of an incident, beside what Daywatch had said of it.

    Attributes:
        incident: Id of the incident.
        first_day: First day the person's answer holds for.
        last_day: Last such day; None while the incident is active.
        cause: The cause that stands.
        severity: The severity that stands.
        machine_cause: The cause Daywatch had found.
        machine_severity: The severity Daywatch had found.
        actor: Who said so.
        reason: Why.
    """

    incident: str
    first_day: date
    last_day: date | None
    cause: Cause
    severity: Severity
    machine_cause: Cause
    machine_severity: Severity
    actor: str
    reason: str

    def speaks_of(self, cause: Cause, day: date) -> bool:
        """Whether the person's answer stands for what Daywatch finds on a day.

        Args:
            cause: The cause Daywatch finds.
            day: The day it finds it on.
        """
        is_within = self.first_day <= day and (
            self.last_day is None or day <= self.last_day
        )
        # Their own answer too: Daywatch may come to agree with them.
        return is_within and cause in {self.machine_cause, self.cause}

    def severity_for(self, severity: Severity) -> Severity:
        """Return the person's severity, unless it got graver than it was then."""
        # P0 < P1: a smaller one is graver, and outdates what the person had seen.
        return severity if severity < self.machine_severity else self.severity


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentContext:
    """All that is asked beside a day's own numbers, and only of a day in trouble.

    What is left out was not asked or is not known.

    Attributes:
        total: Rows of the day.
        rows: Rows by segment, all versions together.
        models: Models of the workspace that were decided on the day, this one too.
        peers: Other models whose breach is confirmed on the day.
        effects: How much of each loss the scores predict.
        columns: What the move of each drifted column would cost by itself.
        releases: Versions that scored rows of the day and none on the oldest days that
            are remembered, and the first day each did.
        label_days: Labels of the day and of those before it that are mature, oldest
            first.
        segment_label_days: The same by declared segment.
        orphans: Labels without a prediction; None when there are no labels.
        exhausted: Objectives over many days whose budget is spent.
        action_regressed: Whether Daywatch itself put the day's version back lately.
        value_lost: Business value lost on the day.
        overrides: What people made of the model's incidents.
    """

    total: int | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    models: int = 1
    peers: tuple[PeerModel, ...] = ()
    effects: tuple[PredictedEffect, ...] = ()
    columns: tuple[ColumnEffect, ...] = ()
    releases: Mapping[str, date] = field(default_factory=dict)
    label_days: tuple[LabelDay, ...] = ()
    segment_label_days: Mapping[str, tuple[LabelDay, ...]] = field(default_factory=dict)
    orphans: Orphans | None = None
    exhausted: tuple[str, ...] = ()
    action_regressed: bool = False
    value_lost: float | None = None
    overrides: tuple[Override, ...] = ()

    @property
    def lost_predictions(self) -> Orphans | None:
        """Labels of predictions that are known to be lost; None where none are."""
        is_known = self.orphans is not None and self.orphans.are_lost_predictions
        return self.orphans if is_known else None
