"""Which days a first look judges, and the reference it makes for them."""

from dataclasses import dataclass
from datetime import date

from monitoring_tasks.errors import NoDataError
from monitoring_tasks.wiring.onboarding.first_reference import (
    FirstReference,
    delivered_days,
    make_reference,
)
from monitoring_tasks.wiring.workspace import Workspace

MOST_DAYS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDays:
    """What a first look judges.

    Attributes:
        days: The days, in order, at least one.
        reference: The reference that was made for them; None where there was one.
    """

    days: list[date]
    reference: FirstReference | None


def plan_days(
    space: Workspace, model: str, *, first: date | None, last: date | None
) -> FirstDays:
    """Make the reference that lacks, and return the days after it.

    Args:
        space: The workspace.
        model: Registered model name.
        first: Days before are left alone; None for all, at most `MOST_DAYS` of them.
        last: Days after are left alone; None for all.

    Raises:
        NoDataError: If there are no such days, or too few for a reference.
    """
    delivered = delivered_days(space, model)
    days = [
        d for d in delivered if (not first or d >= first) and (not last or d <= last)
    ]
    if not days:
        have = f"{delivered[0]} to {delivered[-1]}" if delivered else "none"
        msg = f"{model}: no rows lie between the days asked for; days with rows: {have}"
        raise NoDataError(msg)
    days = days if first else days[-MOST_DAYS:]
    made = make_reference(space, model, days)
    after = [day for day in days if made is None or day > made.last_day]
    return FirstDays(days=after, reference=made)
