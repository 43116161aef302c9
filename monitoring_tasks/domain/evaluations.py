"""One look at one day: the unit of work, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Self

from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.policies import Objective
from monitoring_tasks.domain.releases import PairedDay


class Mode(StrEnum):
    """Why a day is looked at. Only `live` may act on anything outside."""

    LIVE = "live"
    BACKFILL = "backfill"
    REPLAY = "replay"
    DRY_RUN = "dry_run"


class Severity(StrEnum):
    """How much it matters; P0 most."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


class Cause(StrEnum):
    """Where the trouble comes from; only `model` can lead to a rollback."""

    DATA = "data"
    INTEGRATION = "integration"
    COMMON_CAUSE = "common_cause"
    MODEL = "model"
    COVARIATE_DRIFT = "covariate_drift"
    CONCEPT_DRIFT = "concept_drift"
    LABEL_QUALITY = "label_quality"
    SLICE = "slice"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A model's day as known at an instant, in a mode: what one run works on.

    Attributes:
        model: Registered model name.
        day: The model's own calendar day.
        as_of: Nothing that became known later is looked at; aware, UTC.
        mode: Why the day is looked at.
    """

    model: str
    day: date
    as_of: datetime
    mode: Mode

    def __post_init__(self) -> None:
        """Refuse an instant without a time zone; keep whole seconds, as `key`."""
        if self.as_of.tzinfo is None:
            msg = f"as_of {self.as_of} has no time zone"
            raise ValueError(msg)
        whole = self.as_of.astimezone(UTC).replace(microsecond=0)
        object.__setattr__(self, "as_of", whole)

    @property
    def key(self) -> str:
        """The unit as one line of text: fit for XCom, logs and a primary key."""
        instant = self.as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{self.model}/{self.day.isoformat()}/{instant}/{self.mode}"

    @classmethod
    def from_key(cls, key: str) -> Self:
        """Read a key back.

        >>> Unit.from_key("m/2013-09-02/2013-09-03T10:00:00Z/live").mode.value
        'live'
        """
        try:
            model, day, instant, mode = key.split("/")
            return cls(
                model=model,
                day=date.fromisoformat(day),
                as_of=datetime.fromisoformat(instant),
                mode=Mode(mode),
            )
        except ValueError as error:
            msg = f"'{key}' is not model/day/as_of/mode"
            raise ValueError(msg) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDay:
    """What is remembered of an earlier day when a later one is decided.

    Attributes:
        day: The calendar day.
        version: The version most rows were scored with.
        verdict: The verdict of the day.
        performance: Worst verdict of the day's performance objectives alone.
        confirmed: Whether a breach had lasted long enough to act on.
        damaged: In what its rows looked damaged: statement and column.
        label_share: Share of its rows whose label was known.
    """

    day: date
    version: str
    verdict: Verdict
    performance: Verdict
    confirmed: bool = False
    damaged: frozenset[tuple[str, str]] = frozenset()
    label_share: float = 1.0


class Basis(StrEnum):
    """What a comparison of versions rests on."""

    REALIZED = "realized"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupGain:
    """A registered version against the live one, on one protected group's rows.

    Attributes:
        column: The protected attribute.
        value: The group.
        gain: How much better the other version is; positive is better.
        lower: Lower end of the gain's interval.
        upper: Upper end of the gain's interval.
        rows: Labelled rows of the group.
    """

    column: str
    value: str
    gain: float
    lower: float
    upper: float
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A registered version against the live one, on the same rows, paired.

    Attributes:
        version: The other version.
        metric: The metric both were measured by.
        live: The live version's value.
        other: The other version's value.
        gain: How much better the other is; positive is better, whatever the metric.
        lower: Lower end of the gain's interval.
        upper: Upper end of the gain's interval.
        rows: Rows both were measured on; labelled ones, unless it is estimated.
        days: Days those rows come from.
        reason: Why there is no value, or a remark.
        basis: Whether labels say so, or trusted estimates.
        daily: Each day by itself, where a release is watched over days.
        groups: Each protected group with enough rows by itself.
        unmeasured: Protected groups that could not be compared, and why.
    """

    version: str
    metric: str
    live: float | None = None
    other: float | None = None
    gain: float | None = None
    lower: float | None = None
    upper: float | None = None
    rows: int = 0
    days: tuple[date, ...] = ()
    reason: str = ""
    basis: Basis = Basis.REALIZED
    daily: tuple[PairedDay, ...] = ()
    groups: tuple[GroupGain, ...] = ()
    unmeasured: tuple[str, ...] = ()

    def is_better_by(self, margin: float) -> bool:
        """Whether the whole interval of the gain lies past `margin`."""
        return self.lower is not None and self.lower > margin

    def keeps(self, objectives: Sequence[Objective]) -> bool:
        """Whether the other version would itself meet what is promised.

        The static limits on its realized metric of the whole batch (on the estimated
        one as well where that is what was compared), and at least more skill than
        chance: on inputs that are broken the least bad version is no remedy.
        """
        no_skill = metric_of(Kind.REALIZED, self.metric).no_skill
        if self.other is None or (no_skill is not None and self.other <= no_skill):
            return False
        promised = [
            o
            for o in objectives
            if o.source in {Basis.REALIZED, self.basis}
            and (o.metric, o.segment) == (self.metric, "all")
        ]
        return all(
            (o.min is None or self.other >= o.min)
            and (o.max is None or self.other <= o.max)
            for o in promised
        )


FROM_LABELS = "from_labels"
"""In the evidence of a decision: whether labels say what is wrong, not an estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a day means and what should be done about it.

    Attributes:
        verdict: The day as a whole.
        performance: Worst verdict of the performance objectives alone.
        confirmed: Whether a breach has lasted long enough to act on.
        reasons: Sentences a person understands, most important first.
        severity: How much it matters; None when nobody must act.
        cause: Where the trouble comes from; None when there is none.
        rollback_to: Version to put back; None when a rollback is not the remedy.
        evidence: Numbers behind the decision, JSON only.
    """

    verdict: Verdict
    performance: Verdict
    confirmed: bool
    reasons: tuple[str, ...]
    severity: Severity | None = None
    cause: Cause | None = None
    rollback_to: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What was done about a day, or what would have been done.

    Attributes:
        kind: `none`, `incident`, `rollback`, `refused`, `proposed` or `would_rollback`.
        text: One sentence.
        incident: The incident it belongs to.
    """

    kind: str
    text: str
    incident: str | None = None
