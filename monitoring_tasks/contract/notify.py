"""The key `notify`: who is told of what, when, and who is asked next."""

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.route_rules import RouteRule, WorkingHours

HOURS_OF_DAY = 24.0


class ResponseClock(ContractModel):
    """How soon an incident of a severity is answered.

    Attributes:
        acknowledge_hours: Hours until somebody has to take it on; None for no clock.
        contain_hours: Hours until something has to be done about it; None for none.
        update_hours: Hours within which its time line has to say something new; None
            for none.
    """

    acknowledge_hours: float | None = Field(default=None, gt=0)
    contain_hours: float | None = Field(default=None, gt=0)
    update_hours: float | None = Field(default=None, gt=0)


DEFAULT_CLOCKS = {
    Severity.P0: ResponseClock(acknowledge_hours=0.25, contain_hours=4, update_hours=1),
    Severity.P1: ResponseClock(
        acknowledge_hours=1, contain_hours=HOURS_OF_DAY, update_hours=4
    ),
}
"""A model is scored once a day: a P1 is contained before the next day is scored."""


class EscalationStep(ContractModel):
    """Who is asked when a clock has run out.

    Attributes:
        to: Names of channels of the settings.
    """

    to: tuple[str, ...] = Field(min_length=1)


class Notify(ContractModel):
    """Who is told of what.

    Attributes:
        routes: Which news goes where; those of the settings if left out.
        working_hours: When rules with `hours: working` send.
        clocks: How soon an incident is answered, by severity; others have no clocks.
        escalation: Who is asked, one step after the other, when a clock has run out;
            after the last the channels of the next graver severity.
    """

    routes: tuple[RouteRule, ...] = ()
    working_hours: WorkingHours = WorkingHours()
    clocks: dict[Severity, ResponseClock] = Field(
        default_factory=lambda: dict(DEFAULT_CLOCKS)
    )
    escalation: tuple[EscalationStep, ...] = ()

    def clock_for(self, severity: Severity) -> ResponseClock:
        """Return the clocks of a severity; without limits where it has none."""
        return self.clocks.get(severity, ResponseClock())
