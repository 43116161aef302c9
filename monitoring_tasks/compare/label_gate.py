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
from monitoring_tasks.statistics.label_slopes import vanished

AS_COMMON = "labels_are_as_common_as_before"
AS_LARGE = "labels_lie_where_they_did_before"
AS_CLOSE = "labels_go_with_outputs_as_before"
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
        """Say how labels of a segment lie elsewhere, or are those of other rows."""
        return self._elsewhere(segment) or self._dealt_anew(segment)

    def _elsewhere(self, segment: str) -> Check | None:
        """Say that labels lie elsewhere: on the day, or over its week."""
        is_number = self.contract.problem is Problem.REGRESSION
        name = AS_LARGE if is_number else AS_COMMON
        labelled = list(self._label_days(segment, name))
        today = self.days[-1].day
        if not labelled or labelled[-1].day != today:
            return None
        for span in (1, WEEK):
            moved = self._moved(labelled, today - timedelta(days=span - 1), segment)
            if moved is not None:
                is_gross = span == 1 and self._is_gross(moved, labelled[-1].labels)
                over = "" if span == 1 else f" over {span} days"
                text = f"{moved.text}{_where(segment)}{over}"
                return _failed(name, segment, text, is_gross=is_gross)
        return None

    def _dealt_anew(self, segment: str) -> Check | None:
        """Say that labels lost overnight what they had to do with the outputs.

        A world that changes leaves a part of it. Outputs that lost it look alike: it is
        asked of one version's days, on a day whose rows look as ever.
        """
        today = self.days[-1]
        if today.corrupted or today.version is None:
            return None
        labelled = list(self._label_days(segment, AS_CLOSE, version=today.version))
        if not labelled or labelled[-1].day != today.day:
            return None
        *earlier, now = labelled
        before = [day for day in earlier if day.is_calm]
        before = before[-self.contract.policy.labels.baseline_days :]
        parts = len(today.label_counts.summaries) if today.label_counts else 1
        chance = self.contract.policy.labels.false_alarm / parts
        if vanished(before, [now], chance=chance) is None:
            return None
        text = (
            f"labels{_where(segment)} have next to nothing to do with the outputs, or "
            f"go against them, and went closely with them on {len(before)} sound days "
            "before: labels of other rows (ids mixed up, a join that slipped)?"
        )
        return _failed(AS_CLOSE, segment, text, is_gross=True)

    def _label_days(
        self, segment: str, statement: str, *, version: str | None = None
    ) -> Iterator[LabelDay]:
        """Yield the days' labels; only of days of a version, where one is named."""
        about = (statement, "" if segment == ALL else segment)
        for e in self.days:
            if version is not None and e.version != version:
                continue
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


def _where(segment: str) -> str:
    return "" if segment == ALL else f" where {segment}"


def _failed(name: str, segment: str, text: str, *, is_gross: bool) -> Check:
    return Check(
        gate=LABEL_GATE,
        name=name,
        status="failed",
        severity="critical" if is_gross else "warning",
        column="" if segment == ALL else segment,
        observed=text,
        is_new=True,
    )
