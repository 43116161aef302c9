"""The key `slos`: what is promised over many days, how many of them have to be good.

Here a day is a unit of account. Whether a day is good, and what is left of the
budget, is said in `statistics/day_grades.py` and `burn_rate.py`.
"""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from monitoring_tasks.contract.contract_model import ContractModel
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metrics import needs_labels

NAME = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
SMALL_BUDGET_DAYS = 2
"""A smaller budget is spent by a bad day or two: nothing is left to steer by."""


class Indicator(ContractModel):
    """What says whether a day was good.

    Attributes:
        source: `realized`, `estimated`, `fairness` or `service`: one number of the day.
            `data`: the batch was fit to judge by. `freshness`: a live run judged the
            day by its schedule.
        metric: The number's metric; left out for `data` and `freshness`.
        segment: The number's segment: `all`, or `column=value`.
        column: The protected attribute, for the numbers of source `fairness`.
        grace_hours: `data` and `freshness`: how long after its schedule a day that
            was not judged counts as bad.
    """

    source: Literal["realized", "estimated", "data", "fairness", "service", "freshness"]
    metric: str = ""
    segment: str = "all"
    column: str = ""
    grace_hours: float = Field(default=6, ge=0, le=168, allow_inf_nan=False)

    @property
    def is_measured(self) -> bool:
        """Whether a number decides, and not the state of the monitoring."""
        return self.source not in {"data", "freshness"}

    @property
    def needs_labels(self) -> bool:
        """Whether the number is only final once the day's labels are mature."""
        return self.is_measured and needs_labels(Kind(self.source), self.metric)

    @model_validator(mode="after")
    def _number_named_or_not(self) -> Self:
        if self.is_measured and not self.metric:
            msg = f"an indicator of source {self.source} needs a metric"
            raise ValueError(msg)
        usual = type(self).model_fields["grace_hours"].default
        if self.is_measured and self.grace_hours != usual:
            msg = "grace_hours is for the sources data and freshness; remove it"
            raise ValueError(msg)
        named = (self.metric, self.segment, self.column) != ("", "all", "")
        if named and not self.is_measured:
            msg = (
                f"an indicator of source {self.source} has no metric, segment or "
                "column; remove them"
            )
            raise ValueError(msg)
        return self


class Slo(ContractModel):
    """A promise about a share of days: good ones among the valid ones of a window.

    Attributes:
        name: Names it, once in a contract: small letters, digits and `-`.
        indicator: What says whether a day was good.
        min: Smallest value of a good day; this or `max` where a number decides.
        max: Largest value of a good day.
        target: Share of days that have to be good, 0..1.
        window_days: Calendar days looked back over, the last one included.
        min_valid_days: With fewer valid days nothing is said.
        recent_days: Valid days that count as the recent past.
    """

    name: str = Field(pattern=NAME)
    indicator: Indicator
    min: float | None = Field(default=None, allow_inf_nan=False)
    max: float | None = Field(default=None, allow_inf_nan=False)
    target: float = Field(gt=0, lt=1)
    window_days: int = Field(default=28, ge=1, le=366)
    min_valid_days: int = Field(default=14, ge=1)
    recent_days: int = Field(default=7, ge=1)

    @property
    def allowance(self) -> Decimal:
        """Share of days that may be bad, exactly as the target was written."""
        # As floats 1 - 0.9 is less than 0.1: ten days would leave no whole bad day.
        return 1 - Decimal(str(self.target))

    @property
    def budget_days(self) -> float:
        """Days of a window that may be bad; seldom a whole number.

        >>> indicator = Indicator(source="freshness")
        >>> Slo(name="fresh", indicator=indicator, target=0.9).budget_days
        2.8
        """
        return float(self.allowance * self.window_days)

    @property
    def note(self) -> str:
        """What to know of a budget too small to steer by; empty for others."""
        if self.budget_days >= SMALL_BUDGET_DAYS:
            return ""
        full_days = int(self.budget_days)
        spent = "the second bad day" if full_days else "the first bad day"
        return (
            f"slo '{self.name}': {self.target:.6g} of {self.window_days} days leaves "
            f"{self.budget_days:.1f} days of budget: {spent} exhausts it, and a burn "
            "rate says little; a lower target or a longer window would leave more"
        )

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        limits = (self.min is not None) + (self.max is not None)
        if self.indicator.is_measured and limits != 1:
            msg = "an slo on a number needs one of min, max"
            raise ValueError(msg)
        if not self.indicator.is_measured and limits:
            msg = f"an slo on {self.indicator.source} has neither min nor max"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.min_valid_days > self.window_days:
            msg = (
                f"min_valid_days ({self.min_valid_days}) can never be reached in "
                f"window_days ({self.window_days})"
            )
            raise ValueError(msg)
        return self
