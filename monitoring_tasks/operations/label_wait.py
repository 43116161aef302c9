"""Which days without a verdict only wait for their labels, as they are meant to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.label_delay import ROUND_DAYS
from monitoring_tasks.domain.metrics import needs_labels
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.store.label_rounds import rounds_until
from monitoring_tasks.workspace.label_delay import label_delay
from monitoring_tasks.workspace.workspace import Workspace

UNTOLD = frozenset({Verdict.IMMATURE.value, Verdict.INCONCLUSIVE.value})
"""What the performance of a day is that its labels may still tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelWait:
    """Until when days may wait for their labels.

    Attributes:
        contract: Says what needs labels, and how many.
        days: Whole days that labels may take.
        is_endless: Whether the contract says that no labels will ever come.
        as_of: The present instant.
        asked_at: Instants at which all days that may wait were asked for labels.
    """

    contract: Contract
    days: int
    is_endless: bool
    as_of: datetime
    asked_at: tuple[datetime, ...]

    def excuses(self, row: Evaluation) -> bool:
        """Whether a day without a verdict waits for labels that are not overdue.

        Nor does a day of the past tell of blindness that was looked at as it stood
        then, and whose labels nobody has asked for since they were due. Where no labels
        will ever come, nothing else can tell what an estimate could not.
        """
        if row.performance not in UNTOLD or not self._lacks_labels(row):
            return False
        if self.is_endless:
            return bool(row.performance == Verdict.IMMATURE)
        due = self._due(row.day)
        if self.as_of < due:
            return True
        # A backfill judges days as they stood: their labels may be there, unasked for.
        is_asked = row.as_of >= due or any(at >= due for at in self.asked_at)
        return row.mode == Mode.BACKFILL.value and not is_asked

    def _due(self, day: date) -> datetime:
        end = window_of(day, self.contract.timezone).end
        return end + timedelta(days=self.days + ROUND_DAYS)

    def _lacks_labels(self, row: Evaluation) -> bool:
        needed = self.contract.policy.label_coverage * (row.rows or 0)
        return (row.labelled or 0) < needed and any(
            needs_labels(Kind(o.source), o.metric) for o in self.contract.objectives
        )


def label_wait(workspace: Workspace, model: str, *, as_of: datetime) -> LabelWait:
    """Return how long a model's days may wait for their labels, as known at an instant.

    Where neither the contract nor earlier days say how long labels take, a day may
    wait for as long as it is looked back at.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        as_of: The instant; what became known later does not count.
    """
    contract = workspace.contract(model)
    delay = label_delay(workspace, model, as_of=as_of)
    days = contract.policy.reach_days if delay.days is None else delay.days
    return LabelWait(
        contract=contract,
        days=days,
        is_endless=delay.is_never,
        as_of=as_of,
        asked_at=tuple(
            done.known_at for done in rounds_until(workspace.database, model, as_of)
        ),
    )
