"""The labels' gate: are a day's labels like those of the days before? Pure.

The reference's days stand behind it as far as they can: how far its label rates move
from day to day. What is usual now, only the days just before say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitoring_tasks.compare.label_counts import unusual_counts
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import LABEL_GATE, Check, Verdict
from monitoring_tasks.domain.label_summary import LabelSummary
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.rows.names import ALL
from monitoring_tasks.statistics.level_moves import (
    DayLevel,
    LevelMove,
    level_move,
    share_error,
)

AS_COMMON = "labels_are_as_common_as_before"
AS_LARGE = "labels_lie_where_they_did_before"
WEEK = 7
FEWEST_POOLED = 4
"""Days of a week that need labels for the week to be held against other days."""
TO_SPREAD = 3.29
"""Distance of the 5 % and 95 % quantiles in standard deviations, of a normal sample."""


def judge_labels(
    evaluation: Evaluation,
    before: Sequence[Evaluation],
    contract: Contract,
    reference: ReferenceProfile | None,
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

    Returns:
        Failed checks of `LABEL_GATE`; a segment is named as the column, and left out
        where the labels as a whole moved.
    """
    policy = contract.policy
    fit = [e for e in before if e.is_fit and e.day not in policy.excluded_days]
    checks = list(unusual_counts(evaluation, fit, policy))
    if (
        evaluation.label_counts is None
        or evaluation.label_share < policy.label_coverage
    ):
        return tuple(checks)
    mature = [e for e in fit if e.label_share >= policy.label_coverage]
    gate = _LabelGate(evaluation, mature, contract, reference)
    whole = list(gate.moved(ALL))
    segments = [s for s in evaluation.label_counts.summaries if s != ALL]
    # A move of all labels moves those of the segments along.
    parts = [] if whole else [c for segment in segments for c in gate.moved(segment)]
    return (*checks, *whole, *parts)


@dataclass(frozen=True, slots=True)
class _LabelGate:
    """A day and the mature, fit days before it."""

    evaluation: Evaluation
    before: Sequence[Evaluation]
    contract: Contract
    reference: ReferenceProfile | None

    def moved(self, segment: str) -> Iterator[Check]:
        """Hold the labels of a segment against the days before, day and week."""
        is_number = self.contract.problem is Problem.REGRESSION
        name = AS_LARGE if is_number else AS_COMMON
        column = "" if segment == ALL else segment
        usual = [e for e in self.before if self._is_usual(e, (name, column))]
        for days in (1, WEEK):
            failed = list(self._moves(segment, usual, days))
            if failed:
                # The farthest by chance says it for all.
                move, level, is_gross = min(failed, key=lambda f: f[0].p_value)
                yield Check(
                    gate=LABEL_GATE,
                    name=name,
                    status="failed",
                    severity="critical" if is_gross else "warning",
                    column=column,
                    observed=self._observed(move, level, segment, days),
                    is_new=True,
                )
                return

    def _is_usual(self, earlier: Evaluation, about: tuple[str, str]) -> bool:
        is_faulty = any(check.about == about for check in earlier.label_faults)
        return not is_faulty and earlier.performance is not Verdict.BREACH

    def _moves(
        self, segment: str, usual: Sequence[Evaluation], days: int
    ) -> Iterator[tuple[LevelMove, str, bool]]:
        """Return the levels that moved, how far, and whether that is gross."""
        policy = self.contract.policy
        first = self.evaluation.day.toordinal() - days + 1
        every = [*self.before, self.evaluation]
        now = [e for e in every if e.day.toordinal() >= first]
        past = [e for e in usual if e.day.toordinal() < first]
        past = past[-policy.labels.baseline_days :]
        if days > 1 and len(now) < FEWEST_POOLED:
            return
        today = _summary(self.evaluation, segment)
        if today is None:
            return
        # A class that no label has today is one of those of the day before.
        latest = _summary(past[-1], segment) if past else None
        for level in dict.fromkeys((*today.levels, *(latest.levels if latest else ()))):
            level_test = self._held(segment, level, past, now, excess=False)
            excess_test = self._held(segment, level, past, now, excess=True)
            if level_test is None or excess_test is None:
                continue
            size = self._smallest(today, level_test)
            both = (level_test, excess_test)
            if all(_is_beyond(m, policy.labels.false_alarm, size) for m in both) and (
                level_test.distance * excess_test.distance > 0
            ):
                yield level_test, level, self._is_gross(today, level_test)

    def _held(
        self,
        segment: str,
        level: str,
        past: Sequence[Evaluation],
        now: Sequence[Evaluation],
        *,
        excess: bool,
    ) -> LevelMove | None:
        held = [
            [
                d
                for e in days
                if (d := day_level(e, segment, level, excess=excess)) is not None
            ]
            for days in (past, now)
        ]
        if not held[1]:
            return None
        spread = 0.0 if excess else self._reference_spread(segment, level)
        return level_move(held[0], held[1], spread=spread)

    def _reference_spread(self, segment: str, level: str) -> float:
        """Return how far the reference's days differ beyond sampling; 0 if unknown."""
        metric = {Problem.BINARY: "positive_rate"}.get(
            self.contract.problem, f"label_rate_{level}"
        )
        noise = self.reference.noise if self.reference else {}
        of_level = noise.get(f"realized/{metric}//{segment}")
        return of_level.spread if of_level else 0.0

    def _smallest(self, today: LabelSummary, move: LevelMove) -> float:
        """Return the smallest move that matters."""
        shift = self.contract.policy.outcome.min_label_shift
        return shift * self._spread(today, move)

    def _spread(self, today: LabelSummary, move: LevelMove) -> float:
        """Return the standard deviation of one label."""
        if self.contract.problem is Problem.REGRESSION:
            ends = list(today.levels.values())
            return (ends[-1] - ends[0]) / TO_SPREAD
        usual = min(max(move.usual, 0.0), 1.0)
        return float((usual * (1 - usual)) ** 0.5)

    def _is_gross(self, today: LabelSummary, move: LevelMove) -> bool:
        gross = self.contract.policy.labels.gross_shift
        if self.contract.problem is Problem.REGRESSION:
            # In standard deviations, where a share is one of all labels.
            gross *= 4 * self._spread(today, move)
        return abs(move.distance) >= gross

    def _observed(self, move: LevelMove, level: str, segment: str, days: int) -> str:
        where = "" if segment == ALL else f" where {segment}"
        span = "" if days == 1 else f" over {days} days"
        before = f"on the {move.days} sound days before"
        if self.contract.problem is Problem.REGRESSION:
            return (
                f"the {level} quantile of the labels{where}{span} is {move.value:.4g}; "
                f"it was {move.usual:.4g} {before}, and the predictions did not move "
                "along"
            )
        what = "positive" if self.contract.problem is Problem.BINARY else f"'{level}'"
        return (
            f"{move.value:.1%} of the labels{where}{span} are {what}; it was "
            f"{move.usual:.1%} {before}, and the outputs did not move along"
        )


def _is_beyond(move: LevelMove, false_alarm: float, size: float) -> bool:
    distance = abs(move.distance)
    return distance >= size and distance > move.limit(false_alarm)


def _summary(evaluation: Evaluation, segment: str) -> LabelSummary | None:
    counts = evaluation.label_counts
    return counts.summaries.get(segment) if counts else None


def day_level(
    evaluation: Evaluation, segment: str, level: str, *, excess: bool
) -> DayLevel | None:
    """Return a level of a day's labels; None where it has none.

    Args:
        evaluation: The day.
        segment: `all`, or `column=value`.
        level: A class, or a quantile.
        excess: How far it lies above what the model said, instead.
    """
    summary = _summary(evaluation, segment)
    if summary is None:
        return None
    # A quantile of a label has no error that follows from its rows alone.
    is_share = not level.endswith("%")
    share = summary.levels.get(level, 0.0 if is_share else None)
    if share is None:
        return None
    return DayLevel(
        day=evaluation.day,
        value=share - summary.outputs.get(level, 0.0) if excess else share,
        error=share_error(share, summary.rows) if is_share else 0.0,
        rows=summary.rows,
    )
