"""The key `objectives`: what is promised of a day."""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field, model_validator

from monitoring_tasks.contract.contract_model import ContractModel
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.comparisons import Basis, Comparison
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.metrics import metric_of


class Objective(ContractModel):
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

    def horizons_in(self, policy: Policy) -> tuple[Horizon, ...]:
        """The horizons of a policy it is judged over, shortest first."""
        days = self.over_days
        return tuple(h for h in policy.horizons if days in {None, h.days})

    def number_of(
        self, version: str, *, horizon: int = 1, reason: str = ""
    ) -> Measurement:
        """Return the promised number of a version, without a value.

        Args:
            version: The version.
            horizon: Days pooled in it.
            reason: Why it has no value.
        """
        return Measurement(
            kind=Kind(self.source),
            metric=self.metric,
            column=self.column,
            segment=self.segment,
            version=version,
            horizon=horizon,
            reason=reason,
        )

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
        # Without an interval the value stands for both ends.
        lower = number.value if number.lower is None else number.lower
        upper = number.value if number.upper is None else number.upper
        if lower is None or upper is None or not self.is_about(number):
            return False
        return (self.hard_min is not None and upper < self.hard_min) or (
            self.hard_max is not None and lower > self.hard_max
        )


def keeps_promises(comparison: Comparison, objectives: Sequence[Objective]) -> bool:
    """Whether the other version of a comparison would itself meet what is promised.

    The static limits on its realized metric of the whole batch (on the estimated one
    as well where that is what was compared), and at least more skill than chance: on
    inputs that are broken the least bad version is no remedy.

    Args:
        comparison: The version against the one that served.
        objectives: All objectives of the contract.
    """
    # Every metric versions are compared by that has a value for no skill is better
    # higher, so at or below it means none.
    no_skill = metric_of(Kind.REALIZED, comparison.metric).no_skill
    value = comparison.candidate
    if value is None or (no_skill is not None and value <= no_skill):
        return False
    promised = [
        o
        for o in objectives
        if o.source in {Basis.REALIZED, comparison.basis}
        and (o.metric, o.segment) == (comparison.metric, "all")
    ]
    return all(
        (o.min is None or value >= o.min) and (o.max is None or value <= o.max)
        for o in promised
    )


def best_proven(
    comparisons: Sequence[Comparison],
    objectives: Sequence[Objective],
    *,
    margin: float,
) -> Comparison | None:
    """Return the version that is surely better and good enough to serve.

    Of two comparisons of a version the later counts: on the rows all versions were
    tried on, so that the best is chosen by one ruler.

    Args:
        comparisons: Other versions on the same rows as the live one.
        objectives: All objectives of the contract; they say what is good enough.
        margin: What the whole interval of the gain has to lie past.

    Returns:
        Of several the one whose gain is surely the largest; None without one.
    """
    proven = [
        comparison
        for comparison in {c.version: c for c in comparisons}.values()
        if comparison.is_better_by(margin) and keeps_promises(comparison, objectives)
    ]
    # By the lower end: the gain itself may be large by chance.
    return max(proven, key=lambda c: c.lower or 0.0, default=None)
