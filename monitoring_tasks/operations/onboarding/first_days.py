"""Which days a first look judges, and the reference it makes for them."""

from dataclasses import dataclass
from datetime import date, timedelta

from monitoring_tasks.errors import NoDataError
from monitoring_tasks.operations.onboarding.delivered import delivered_days
from monitoring_tasks.operations.onboarding.first_reference import (
    LONGEST,
    make_reference,
)
from monitoring_tasks.operations.onboarding.logged_reference import FirstReference
from monitoring_tasks.workspace.workspace import Workspace

USUAL_DAYS = 90
"""Days a first look covers unless a person says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDays:
    """What a first look judges.

    Attributes:
        first: The first day that is judged.
        last: The last one.
        delivered: Days with rows among them.
        earlier: Days with rows that are neither judged nor in that reference.
        reference: The reference that was made for them; None where there was one.
    """

    first: date
    last: date
    delivered: int
    earlier: int
    reference: FirstReference | None

    @property
    def sentence(self) -> str:
        """Which days are judged, and which are not."""
        sentence = (
            f"judging {self.first} to {self.last}: {self.delivered} days with rows"
        )
        if self.earlier:
            sentence += f"; {self.earlier} earlier ones are left out (--days, --from)"
        return sentence


def plan_days(
    workspace: Workspace,
    model: str,
    *,
    first: date | None = None,
    last: date | None = None,
    most: int = USUAL_DAYS,
) -> FirstDays:
    """Make the reference that lacks, and return the days that are held against it.

    The reference is made of the days before the ones asked for as far as there are any,
    else of the first of them, which are then not judged.

    Args:
        workspace: The workspace.
        model: Registered model name.
        first: First day to judge; None for as many as `most` says.
        last: Last day to judge; None for the newest.
        most: Calendar days up to the last one, where no first one is said.

    Raises:
        NoDataError: If there are no such days, or too few for a reference.
    """
    delivered = delivered_days(workspace, model)
    until = [day for day in delivered if last is None or day <= last]
    since = first or (until[-1] - timedelta(days=most - 1) if until else date.max)
    wanted_days = [day for day in until if day >= since]
    if not wanted_days:
        have = f"{delivered[0]} to {delivered[-1]}"
        msg = f"{model}: no rows lie between the days asked for; days with rows: {have}"
        raise NoDataError(msg)
    before = until[: len(until) - len(wanted_days)]
    # Earlier days first, so that as many as possible of the wanted ones are judged.
    made = make_reference(workspace, model, [*before[-LONGEST:], *wanted_days])
    after = [day for day in wanted_days if made is None or day > made.last_day]
    since = min(after[0], made.first_day) if made else after[0]
    return FirstDays(
        first=after[0],
        last=after[-1],
        delivered=len(after),
        earlier=sum(day < since for day in delivered),
        reference=made,
    )
