"""The labels' gate: are a day's labels like those of the days before? Pure.

The reference's days stand behind it as far as they can: how far its label rates move
from day to day. What is usual now, only the days just before say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitoring_tasks.compare.label_counts import unusual_counts
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import LABEL_GATE, Check, Verdict
from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.domain.label_summary import LabelSummary
from monitoring_tasks.domain.metric_table import LABEL_RATE
from monitoring_tasks.domain.orphans import CoveragesAtAge
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.rows.names import ALL
from monitoring_tasks.statistics.held_labels import HeldLevel, held_levels

AS_COMMON = "labels_are_as_common_as_before"
AS_LARGE = "labels_lie_where_they_did_before"
WEEK = 7
FEWEST_POOLED = 5
"""Days of a week that need labels for the week to be held against other days."""


def judge_labels(
    evaluation: Evaluation,
    before: Sequence[Evaluation],
    contract: Contract,
    reference: ReferenceProfile | None,
    *,
    at_age: CoveragesAtAge = dict,
) -> tuple[Check, ...]:
    """Say in what the labels of a day are unlike those of the days before.

    How labels meet predictions is asked every day, how they lie once the day is mature:
    early labels are not like the rest. Both the level of the labels, and how far it
    lies from what the model said of the same rows, have to be beyond chance: where the
    outputs moved along there is nothing to explain. Days on which the same statement
    failed, or whose objectives were in breach, say nothing of what is usual.

    Args:
        evaluation: The day, estimated.
        before: Days before it, oldest first.
        contract: Brings the policy.
        reference: Of the day's version; None where it has none.
        at_age: How labels of earlier days had come; read only where it is asked.

    Returns:
        Failed checks of `LABEL_GATE`; a segment is named as the column. Where the
        labels as a whole moved, only if other values of its column did not.
    """
    policy, counts = contract.policy, evaluation.label_counts
    fit = [e for e in before if e.is_fit and e.day not in policy.excluded_days]
    checks = list(unusual_counts(evaluation, fit, policy, at_age))
    if counts is None or evaluation.label_share < policy.label_coverage:
        return tuple(checks)
    mature = [e for e in fit if e.label_share >= policy.label_coverage]
    gate = _LabelGate((*mature, evaluation), contract, reference)
    whole = gate.failed(ALL)
    names = [segment for segment in counts.summaries if segment != ALL]
    parts = {name: gate.failed(name) for name in names}
    failed = [check for check in parts.values() if check is not None]
    # All labels move those of every segment along; one segment moves all labels.
    is_local = len({f.column.partition("=")[0] for f in failed}) == 1 and any(
        check is None and name.partition("=")[0] == failed[0].column.partition("=")[0]
        for name, check in parts.items()
    )
    if whole is not None:
        return (*checks, *(failed if is_local else ()), whole)
    return (*checks, *failed)


@dataclass(frozen=True, slots=True)
class _LabelGate:
    """Mature, fit days, oldest first; the last one is the day itself."""

    days: Sequence[Evaluation]
    contract: Contract
    reference: ReferenceProfile | None

    def failed(self, segment: str) -> Check | None:
        """Hold the labels of a segment against the days before: its day, its week."""
        is_number = self.contract.problem is Problem.REGRESSION
        name = AS_LARGE if is_number else AS_COMMON
        column = "" if segment == ALL else segment
        labelled = list(self._label_days(segment, (name, column)))
        today = self.days[-1].day
        if not labelled or labelled[-1].day != today:
            return None
        for span in (1, WEEK):
            moved = self._moved(labelled, today - timedelta(days=span - 1), segment)
            if moved is not None:
                is_gross = span == 1 and self._is_gross(moved, labelled[-1].labels)
                where = f" where {segment}" if column else ""
                over = "" if span == 1 else f" over {span} days"
                return Check(
                    gate=LABEL_GATE,
                    name=name,
                    status="failed",
                    severity="critical" if is_gross else "warning",
                    column=column,
                    observed=f"{moved.text}{where}{over}",
                    is_new=True,
                )
        return None

    def _label_days(self, segment: str, about: tuple[str, str]) -> Iterator[LabelDay]:
        for e in self.days:
            summaries = e.label_counts.summaries if e.label_counts else {}
            if segment in summaries:
                is_faulty = any(check.about == about for check in e.label_faults)
                yield LabelDay(
                    day=e.day,
                    labels=summaries[segment],
                    is_calm=not is_faulty and e.performance is not Verdict.BREACH,
                )

    def _moved(
        self, labelled: Sequence[LabelDay], first: date, segment: str
    ) -> HeldLevel | None:
        """Return the level that moved least by chance; None where none did."""
        labels, shift = self.contract.policy.labels, self._smallest_shift
        now = [d for d in labelled if d.day >= first]
        before = [d for d in labelled if d.day < first and d.is_calm]
        before = before[-labels.baseline_days :]
        is_pooled = first < labelled[-1].day
        if is_pooled and len(now) < FEWEST_POOLED:
            return None
        spreads = self._reference_spreads(labelled[-1], segment)
        moved = [
            held
            for held in held_levels(before, now, spreads=spreads, is_trimmed=is_pooled)
            if held.p_value_of_parting < labels.false_alarm and held.size >= shift
        ]
        return min(moved, key=lambda held: held.p_value_of_parting, default=None)

    @property
    def _smallest_shift(self) -> float:
        return self.contract.policy.outcome.min_label_shift

    def _reference_spreads(self, now: LabelDay, segment: str) -> dict[str, float]:
        """Return how far classes differ between the reference's days, by level."""
        noise = self.reference.noise if self.reference else {}
        is_binary = self.contract.problem is Problem.BINARY
        keys = {
            level: "positive_rate" if is_binary else f"{LABEL_RATE}{level}"
            for level in now.labels.levels
        }
        return {
            level: noise[key].spread
            for level, metric in keys.items()
            if (key := f"realized/{metric}//{segment}") in noise
        }

    def _is_gross(self, held: HeldLevel, today: LabelSummary) -> bool:
        # A rate that is small may be gone entirely and move by little.
        share, labels = today.levels.get(held.level, 0.0), self.contract.policy.labels
        is_binary = self.contract.problem is Problem.BINARY
        is_class = held.cut is None
        is_one_class = is_class and (share == 1 or (is_binary and share == 0))
        is_far = held.share >= labels.gross_shift
        is_certain = held.is_certain(labels.false_alarm, least=labels.sudden_shift)
        return is_one_class or is_far or is_certain
