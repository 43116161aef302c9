"""Were the estimates right, and have the labels come? What a decided day teaches."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.labelled_day import LabelledDay
from monitoring_tasks.domain.trust import EstimatorTrust
from monitoring_tasks.store.history import dated_numbers
from monitoring_tasks.store.labelled_days import last_labelled_day
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    from monitoring_tasks.learn.label_block import LabelBlock
    from monitoring_tasks.workspace.day import Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What was learnt of a day by comparing it with the days before.

    Attributes:
        trust: How far the estimates of promised metrics lay from what came true.
        labels: How far the day's labels have come, and what the early ones were worth.
    """

    trust: tuple[EstimatorTrust, ...]
    labels: "LabelBlock"


def learn_day(day: "Day") -> Learnt:
    """Hold estimates against what came true, and say how far the labels have come.

    Raises:
        LookupError: If the day was never started.
    """
    # Where nothing is promised, every estimate is asked about.
    promised = {objective.metric for objective in day.contract.objectives}
    trust = day.estimator_trust(promised or None)
    return Learnt(trust=tuple(trust.values()), labels=label_state(day))


def label_state(day: "Day") -> "LabelBlock":
    """Return how far a day's labels have come, by this evaluation and earlier ones.

    Raises:
        LookupError: If the day was never started.
    """
    # Not for `last_labelled` alone, which many a command asks for.
    from monitoring_tasks.learn.label_block import label_block  # noqa: PLC0415 (heavy)

    return label_block(
        day.contract,
        day.measurements,
        evaluation=day.evaluation,
        # A mature day has no early numbers any more; its first look has.
        first_numbers=dated_numbers(
            day.workspace.database,
            day.unit,
            days=0,
            kinds=(Kind.LABELS,),
            segments={"all"},
            at_first=True,
        ),
        arrival=day.label_curve,
        errors=day.provisional_errors,
        last=last_labelled(
            day.workspace, day.model, until=day.day, as_of=day.unit.as_of
        ),
    )


def last_labelled(
    workspace: Workspace,
    model: str,
    *,
    until: date | None = None,
    as_of: datetime | None = None,
) -> LabelledDay | None:
    """Return what was said of the newest day that has enough labels; None without one.

    Args:
        workspace: Where days and the contract are read from.
        model: Registered model name.
        until: Later days do not count; None for no limit.
        as_of: What became known later does not count; None for no limit.
    """
    return last_labelled_day(
        workspace.database,
        model,
        label_coverage=workspace.contract(model).policy.label_coverage,
        until=until,
        as_of=as_of,
    )
