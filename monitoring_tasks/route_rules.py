"""Which news goes to which channels, and when: rules of contracts and of settings."""

from datetime import UTC, datetime, time, timedelta
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from monitoring_tasks.domain.decisions import Cause, Severity

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class RouteRule(BaseModel):
    """Where some news goes. Every rule that fits sends; what is left out fits all.

    Attributes:
        to: Names of channels of the settings.
        severity: The severities it is about.
        cause: The causes it is about.
        segment: The segments it is about: `column`, or `column=value`.
        owner: The owners of the model, as its contract names them.
        hours: `working`: outside of working hours it waits for them.
        gather: Whether it is told in the daily digest of the channel instead.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    to: tuple[str, ...] = Field(min_length=1)
    severity: tuple[Severity, ...] = ()
    cause: tuple[Cause, ...] = ()
    segment: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    hours: Literal["any", "working"] = "any"
    gather: bool = False

    def fits(
        self,
        *,
        severity: str,
        cause: str,
        segments: tuple[str, ...],
        owners: tuple[str, ...],
    ) -> bool:
        """Whether the rule is about some news.

        Args:
            severity: P0 to P3.
            cause: Of the incident; empty where there is none.
            segments: Those in breach.
            owners: Of the model.
        """
        columns = {segment.split("=", 1)[0] for segment in segments}
        return (
            (not self.severity or severity in self.severity)
            and (not self.cause or cause in self.cause)
            and (not self.segment or bool({*segments, *columns} & {*self.segment}))
            and (not self.owner or bool({*owners} & {*self.owner}))
        )


class WorkingHours(BaseModel):
    """When people are at work, in the time zone of the model.

    Attributes:
        first: From when on.
        last: Until when.
        days: On which days of the week.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    first: time = time(9)
    last: time = time(17)
    days: tuple[Weekday, ...] = Field(default=WEEKDAYS[:5], min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last <= self.first:
            msg = f"working hours from {self.first} to {self.last} hold no hour"
            raise ValueError(msg)
        return self

    def next_instant(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Return `at` itself within working hours, else when the next ones begin.

        Args:
            at: An instant, aware.
            zone: Time zone of the model.
        """
        local = at.astimezone(zone)
        for ahead in range(8):
            day = local.date() + timedelta(days=ahead)
            if WEEKDAYS[day.weekday()] not in self.days:
                continue
            begins = datetime.combine(day, self.first, tzinfo=zone)
            if local <= begins:
                return begins.astimezone(UTC)
            if local < datetime.combine(day, self.last, tzinfo=zone):
                return at
        msg = "a week without a working day"  # refused when the hours are read
        raise AssertionError(msg)


URGENT_SEVERITIES = (Severity.P0, Severity.P1)


def default_rules(channels: tuple[str, ...]) -> tuple[RouteRule, ...]:
    """Return the rules of whoever states none: grave news at once, the rest daily.

    Args:
        channels: Names of all channels; empty for no rule.
    """
    if not channels:
        return ()
    return (
        RouteRule(to=channels, severity=URGENT_SEVERITIES),
        RouteRule(to=channels, severity=(Severity.P2, Severity.P3), gather=True),
    )
