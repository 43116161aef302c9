"""What a contract's limits are held against: the noise of the version that serves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from monitoring_tasks.compare.monitored_metrics import (
    DailyNumbers,
    MonitoredMetric,
    monitored_metric,
)
from monitoring_tasks.compare.simulated_codes import (
    BREACH,
    INCONCLUSIVE,
    OK,
    WARN,
    Codes,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import FIT, Verdict
from monitoring_tasks.domain.reference import ReferenceProfile

CODES = {Verdict.OK: OK, Verdict.WARN: WARN, Verdict.BREACH: BREACH}
"""Any other verdict tells nothing about the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitBasis:
    """What limits are held against.

    Attributes:
        contract: The contract.
        reference: Of the version that served last.
        evaluations: Each decided day of the model by its newest evaluation, in order.
        monitored: What can be drawn, in the order of the contract.
        left_out: The objectives that cannot, and why.
        labels_known: Whether labels are there when a day is first judged.
    """

    contract: Contract
    reference: ReferenceProfile
    evaluations: Sequence[Evaluation]
    monitored: tuple[MonitoredMetric, ...]
    left_out: tuple[tuple[Objective, str], ...]
    labels_known: bool

    def under(self, contract: Contract) -> tuple[MonitoredMetric, ...]:
        """Return the same numbers under a contract that only has other limits."""
        # By what is promised, not by place: the other contract may list them otherwise.
        named = {_number(objective): objective for objective in contract.objectives}
        return tuple(
            replace(metric, objective=named[_number(metric.objective)])
            for metric in self.monitored
        )


def limit_basis(
    contract: Contract,
    reference: ReferenceProfile,
    *,
    evaluations: Sequence[Evaluation] = (),
    numbers_of: Callable[[Objective], DailyNumbers] = lambda _: {},
    labels_known: bool = True,
) -> LimitBasis:
    """Return what limits are held against, from the reference and from judged days.

    Without judged days it is a pure function of contract and reference: a typical day
    is one of the reference's, and labels count as known when a day is first judged.

    Args:
        contract: Says what is promised.
        reference: Of the version that served last.
        evaluations: Each decided day of the model, in order.
        numbers_of: The number of an objective on judged days of that version.
        labels_known: Whether labels are there when a day is first judged.
    """
    monitored, left_out = [], []
    for objective in contract.objectives:
        metric = monitored_metric(objective, reference, contract, numbers_of(objective))
        if metric is None:
            left_out.append((objective, "the reference has too few days of it"))
        else:
            monitored.append(metric)
    return LimitBasis(
        contract=contract,
        reference=reference,
        evaluations=evaluations,
        monitored=tuple(monitored),
        left_out=tuple(left_out),
        labels_known=labels_known,
    )


def _number(objective: Objective) -> tuple[str, str, str, str]:
    return (
        objective.source, objective.metric, objective.column, objective.segment,
    )  # fmt: skip


def are_labels_known(
    evaluations: Sequence[Evaluation],
    label_coverage: float,
    scheduled: Callable[[date], datetime],
) -> bool:
    """Say whether on most days labels were there when the schedule looked.

    Args:
        evaluations: Days of the model; those whose data is not fit do not count.
        label_coverage: Share of a day's rows that need a label, 0..1.
        scheduled: The instant at which the schedule looks at a day.
    """
    on_time = [
        evaluation.as_of <= scheduled(evaluation.day)
        and (evaluation.labelled or 0) >= label_coverage * evaluation.rows
        for evaluation in evaluations
        if evaluation.data_verdict in FIT and evaluation.rows
    ]
    return 2 * sum(on_time) > len(on_time)


def verdict_codes(evaluations: Sequence[Evaluation]) -> Codes:
    """Return the performance of days in the codes of drawn days; shape (1, days)."""
    # What tells nothing about the model counts as `INCONCLUSIVE`, as in the draws.
    codes = [
        CODES.get(evaluation.performance or Verdict.NO_DATA, INCONCLUSIVE)
        for evaluation in evaluations
    ]
    return np.array([codes], dtype=np.int8)
