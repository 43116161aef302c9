"""From the verdicts of drawn days to breaches that are confirmed and page somebody.

The rules are those of `decide.persistence` and `respond.recovery.follow_up`, on arrays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.simulated_codes import (
    BREACH,
    INCONCLUSIVE,
    OK,
    Codes,
    Flags,
)
from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Kind

ABSENT: Final = -1
"""An estimate that is left aside because labels tell; better than any verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveVerdicts:
    """What is said of one objective on every drawn day.

    Attributes:
        horizons: By horizon, shortest first; each of shape (runs, days).
        added: By the losses added up; None where nothing adds them.
    """

    horizons: tuple[Codes, ...]
    added: Codes | None = None

    @property
    def codes(self) -> Codes:
        """The verdict on the objective, as `assess` gives it.

        In breach over any horizon; else the shortest that can tell speaks.
        """
        # Shortest first: a longer horizon speaks only where the shorter cannot tell.
        codes = self.horizons[0]
        for longer in self.horizons[1:]:
            codes = np.where(codes == INCONCLUSIVE, longer, codes)
        for part in self.parts:
            codes = np.where(part == BREACH, part, codes)
        return codes

    @property
    def parts(self) -> tuple[Codes, ...]:
        """Every horizon, then the losses added up, if anything adds them."""
        return self.horizons if self.added is None else (*self.horizons, self.added)

    def alone(self, part: Codes) -> Codes:
        """Return the verdict had only this part the say, on days that tell anything."""
        codes = np.where(self.codes == INCONCLUSIVE, INCONCLUSIVE, OK)
        return np.where(part == BREACH, BREACH, codes).astype(np.int8)


def day_codes(
    monitored: Sequence[MonitoredMetric],
    verdicts: Sequence[ObjectiveVerdicts],
    *,
    labels_known: bool,
) -> Codes:
    """Return the verdict of the day: the worst objective, estimates aside once told.

    Args:
        monitored: The objectives, in the order of the contract.
        verdicts: What is said of each, in the same order.
        labels_known: Whether labels are there when a day is first judged.

    Returns:
        Codes of shape (runs, days).
    """
    by_objective = [verdict.codes for verdict in verdicts]
    labelled_days: dict[tuple[str, str], Flags] = {}
    for index, metric in enumerate(monitored):
        if labels_known and Kind(metric.objective.source) is Kind.REALIZED:
            valid = [codes != INCONCLUSIVE for codes in verdicts[index].horizons]
            labelled_days[metric.metric_and_segment] = np.any(valid, axis=0)
    for index, metric in enumerate(monitored):
        labelled = labelled_days.get(metric.metric_and_segment)
        if metric.is_estimate and labelled is not None:
            # Where labels tell, the estimate of the same number no longer counts.
            by_objective[index] = np.where(
                labelled, np.int8(ABSENT), by_objective[index]
            )
    worst = np.max(by_objective, axis=0)
    return np.where(worst == ABSENT, np.int8(INCONCLUSIVE), worst)


def confirm(days: Codes, policy: Policy) -> Flags:
    """Say on which days a breach is confirmed, as `confirmed_by_any` does.

    Args:
        days: Codes of the days' verdicts; shape (runs, days).
        policy: Its two rules of persistence; either confirms.

    Returns:
        Shape (runs, days).
    """
    confirmed = np.zeros(days.shape, dtype=bool)
    for rule in (policy.persistence, policy.slow_persistence):
        confirmed |= _confirmed(days, rule)
    return confirmed


def _confirmed(days: Codes, rule: PersistenceRule) -> Flags:
    """Count bad days among the last valid ones; days that tell nothing are passed."""
    confirmed = np.zeros(days.shape, dtype=bool)
    window = np.zeros((len(days), rule.of_days), dtype=bool)
    position = np.zeros(len(days), dtype=np.intp)
    rows = np.arange(len(days))
    for index in range(days.shape[1]):
        today = days[:, index]
        is_valid, is_bad = today != INCONCLUSIVE, today == BREACH
        kept = window[rows, position]
        window[rows, position] = np.where(is_valid, is_bad, kept)
        position = np.where(is_valid, (position + 1) % rule.of_days, position)
        confirmed[:, index] = is_bad & (window.sum(axis=1) >= rule.bad_days)
    return confirmed


def openings(confirmed: Flags, days: Codes, recovery_days: int) -> Flags:
    """Say on which days a page goes out: a confirmed breach while none is open.

    Args:
        confirmed: Whether a breach is confirmed on a day; shape (runs, days).
        days: Codes of the days' verdicts; the same shape.
        recovery_days: Good days in a row after which an incident is over, >= 1.

    Returns:
        Shape (runs, days).
    """
    opened = np.zeros(confirmed.shape, dtype=bool)
    is_open = np.zeros(len(days), dtype=bool)
    good = np.zeros(len(days), dtype=np.intp)
    for index in range(days.shape[1]):
        today = days[:, index]
        good = np.where(today == INCONCLUSIVE, good, np.where(today == OK, good + 1, 0))
        is_open &= good < recovery_days
        # One page an incident: further bad days are added to it.
        opened[:, index] = confirmed[:, index] & ~is_open
        is_open |= confirmed[:, index]
    return opened
