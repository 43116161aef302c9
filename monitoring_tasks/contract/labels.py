"""The key `policy.labels`: when labels are expected, and when their absence counts."""

from typing import Annotated, Literal

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel
from monitoring_tasks.domain.label_delay import DelayOrigin, LabelDelay


class LabelPolicy(ContractModel):
    """From when on missing labels are a signal of their own.

    Attributes:
        delay_days: Whole days after its end by which a day's labels are expected;
            `never` where none will come. Left out, how earlier days' labels came says
            when they are overdue, and no alias moves on labels that took days.
        window_days: How many earlier days say how labels usually come.
        min_days: Fewer days that can be compared say nothing.
        overdue_days: So many latest days whose labels are overdue by `delay_days`, or
            without it stay away as on hardly any day before, are an incident.
        max_lost_share: From this share of labels on that have come and are refused or
            fit no prediction the day warns.
        strata: Strata of the score within which early labels stand for all rows.
        min_labelled: Labels each stratum needs.
        baseline_days: Latest days that say how labels usually lie; days on which they
            did not are left out.
        false_alarm: Probability that one number of a healthy day's labels is beyond
            what the days before allow.
        gross_shift: A share of the labels that moves by so much, of a class or of a
            number below a usual quantile, does not wait for a second day.
        sudden_shift: A move of the labels by so many standard deviations of one of them
            does not wait for a second day either, where it is beyond doubt: past
            `false_alarm` squared, and twice as far from what predictions let expect as
            any day before.
    """

    delay_days: Annotated[int, Field(ge=0, le=366)] | Literal["never"] | None = None
    window_days: int = Field(default=60, ge=1)
    min_days: int = Field(default=14, ge=2)
    overdue_days: int = Field(default=7, ge=1)
    max_lost_share: float = Field(default=0.2, gt=0, le=1)
    strata: int = Field(default=10, ge=1)
    min_labelled: int = Field(default=10, ge=1)
    baseline_days: int = Field(default=35, ge=7)
    false_alarm: float = Field(default=1e-3, gt=0, le=0.01)
    gross_shift: float = Field(default=0.25, gt=0)
    sudden_shift: float = Field(default=0.2, gt=0)

    @property
    def never_come(self) -> bool:
        """Whether the contract says that no labels will come."""
        return self.delay_days == "never"

    @property
    def stated_delay(self) -> LabelDelay | None:
        """What the contract itself says of the delay; None where it says nothing."""
        if self.delay_days is None:
            return None
        days = None if self.delay_days == "never" else self.delay_days
        return LabelDelay(days=days, origin=DelayOrigin.CONTRACT)

    @property
    def watched_days(self) -> int:
        """How many earlier days are read: those that can be overdue among them."""
        due = self.stated_delay.due_age if self.stated_delay else None
        return max(self.window_days, (due or 0) + self.overdue_days)
