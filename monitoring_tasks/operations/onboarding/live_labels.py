"""Whether labels of delivered days come, and belong to the rows that were scored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.partitions import PartitionKind
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.extract.step import read_rows
from monitoring_tasks.operations.onboarding.delivered import delivered_days, unit_now
from monitoring_tasks.operations.onboarding.live_lines import LiveLine, Status
from monitoring_tasks.operations.onboarding.live_rows import labels_met
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace

TRIED_DAYS = 3
"""The newest days whose labels are due; one of them with labels is enough to tell."""
EARLIER_DAYS = (7, 14, 28, 56)
"""So many delivered days further back: do labels come later than anybody said?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _JoinedDay:
    """How many rows of a day have a label.

    Attributes:
        day: The day.
        rows: Its rows.
        joined: Those with a label.
        remark: Why labels are lost; empty where none are.
    """

    day: date
    rows: int
    joined: int
    remark: str


def label_lines(
    workspace: Workspace, model: str, newest: date | None
) -> Iterator[LiveLine]:
    """Yield what is found of the labels of a model.

    Args:
        workspace: The workspace.
        model: Registered model name.
        newest: Its newest day with predictions; None where they could not be read:
            then nothing is said, since the predictions' own line says why.
    """
    contract = workspace.contract(model)
    timing = contract.policy.labels
    if timing.never_come:
        text = "none are waited for (policy.labels.delay_days: never)"
        yield LiveLine(about="labels", status="ok", text=text)
        return
    if newest is None:
        return
    # Labels of later days are not due yet: they would look like lost ones.
    due_until = newest - timedelta(days=int(timing.delay_days or 0))
    delivered = delivered_days(workspace, model)
    due = [day for day in delivered if day <= due_until]
    days = due[-TRIED_DAYS:]
    joined_days = [
        joined
        for day in days
        if (joined := _joined(workspace, contract, day)) is not None
    ]
    is_met = any(day.joined for day in joined_days)
    late = None if is_met else _earlier(workspace, contract, due)
    if late is not None:
        yield _comes_late(late, newest)
        return
    if not joined_days:
        text = (
            f"no labels of {', '.join(map(str, days)) or 'any day'}: check "
            "sources.labels (files named by the day of arrival: `*` in place of "
            "{day}) and policy.labels.delay_days, or say `never`"
        )
        yield LiveLine(about="labels", status="warn", text=text)
        return
    yield _matched(contract, joined_days[-1])


def _earlier(
    workspace: Workspace, contract: Contract, due: Sequence[date]
) -> _JoinedDay | None:
    """Return the newest of a few days further back with labels; None without any."""
    for back in EARLIER_DAYS:
        if back < len(due):
            joined = _joined(workspace, contract, due[-1 - back])
            if joined is not None and joined.joined:
                return joined
    return None


def _comes_late(labelled: _JoinedDay, newest: date) -> LiveLine:
    """Say that labels are later than the contract says, not lost."""
    text = (
        f"none of the newest days have any, and {labelled.joined} of {labelled.rows} "
        f"rows of {labelled.day} have: where they take so long, say it by "
        f"policy.labels.delay_days (at most {(newest - labelled.day).days}); where "
        "they do not, they have stopped"
    )
    return LiveLine(about="labels", status="warn", text=text)


def _matched(contract: Contract, labelled: _JoinedDay) -> LiveLine:
    """Say how many rows of a day have a label, and why others have none."""
    share = labelled.joined / labelled.rows
    needed = contract.policy.label_coverage
    text = (
        f"{labelled.joined} of {labelled.rows} rows of {labelled.day} have a label, "
        f"by '{contract.columns.id}'"
    )
    if labelled.remark:
        text += f"; {labelled.remark}"
    elif not labelled.joined:
        text += (
            ": the ids do not fit; compare how both write them, and whether files "
            "of labels are named by the day of arrival (`*` in place of {day})"
        )
    elif share < needed:
        text += f", fewer than policy.label_coverage ({needed:.0%}): raise the delay"
    status: Status = "warn" if labelled.joined else "fault"
    if share >= needed and not labelled.remark:
        status = "ok"
    return LiveLine(about="labels", status=status, text=text)


def _joined(workspace: Workspace, contract: Contract, day: date) -> _JoinedDay | None:
    """Return how many rows of a day have a label; None where the day has no rows."""
    delivered = Day(workspace, unit_now(workspace, contract.model, day))
    try:
        labels = read_rows(delivered, PartitionKind.LABELS).table
        rows, counts = labels_met(delivered, labels)
    except NoDataError:
        return None
    return _JoinedDay(day=day, rows=rows, joined=counts.joined, remark=counts.remark)
