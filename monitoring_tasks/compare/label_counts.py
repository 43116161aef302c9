"""How a day's labels met predictions, held against the days before. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median

from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import LABEL_GATE, Check
from monitoring_tasks.domain.orphans import (
    BELONG,
    FEWEST_DAYS,
    CoveragesAtAge,
    OrphanFault,
    orphans_of,
)
from monitoring_tasks.domain.partitions import LabelCounts

CHANCE = 4.0
"""Standard errors beyond the usual share that are chance."""
STATEMENTS: Mapping[str, tuple[Callable[[LabelCounts], int], str]] = {
    BELONG: (lambda c: c.orphans, "have ids of no prediction"),
    "labels_do_not_contradict": (
        lambda c: c.conflicts,
        "contradict another label of the same id",
    ),
    "labels_come_once": (lambda c: c.duplicates, "repeat a label that had come"),
    "labels_are_agreed_values": (lambda c: c.refused, "have a value that is no label"),
}
"""Statement -> the labels that break it, and what is the matter with them."""


def unusual_counts(
    evaluation: Evaluation,
    before: Sequence[Evaluation],
    policy: Policy,
    at_age: CoveragesAtAge = dict,
) -> Iterator[Check]:
    """Say of which labels more cannot be used than on the days before.

    A share of the labels that came, whatever their age: beyond every earlier day,
    beyond chance, and by `reference_gate.notable_share` above their median. Days on
    which the same statement failed do not count. A source that holds the labels of
    many days has many without a prediction every day, and that is what is usual.

    Args:
        evaluation: The day, estimated.
        before: Days before it that were fit.
        policy: Which shares are notable and gross.
        at_age: Read only where labels without a prediction are unusual.
    """
    counts = evaluation.label_counts
    if counts is None or counts.rows + counts.refused < policy.min_rows:
        return
    delivered = counts.rows + counts.refused
    for name, (count_of, text) in STATEMENTS.items():
        usual = _usual(name, count_of, before)
        if usual is None:
            continue
        count = count_of(counts)
        share, middle = count / delivered, median(usual)
        least = policy.reference_gate.notable_share
        by_chance = CHANCE * (max(middle, 1 / delivered) / delivered) ** 0.5
        limit = max(middle + least, middle + by_chance, *usual)
        if share > limit:
            gross = policy.reference_gate.gross_share
            is_lost = not counts.joined and bool(evaluation.rows)
            is_gross = is_lost or share - middle >= gross
            yield Check(
                gate=LABEL_GATE,
                name=name,
                status="failed",
                severity="critical" if is_gross else "warning",
                observed=(
                    f"{count:,} of {delivered:,} labels {text} ({middle:.1%} is usual)"
                    f"{_whose(evaluation, before, at_age) if name == BELONG else ''}"
                ),
                failing_rows=count,
                is_new=True,
            )


def _whose(
    evaluation: Evaluation, before: Sequence[Evaluation], at_age: CoveragesAtAge
) -> str:
    """Return what labels without a prediction come from, where that is known."""
    orphans = orphans_of(evaluation, before, at_age)
    if orphans is None or orphans.coverage is None or orphans.fault is None:
        return ""
    counted = f"{orphans.coverage:.1%} of the predictions have one"
    match orphans.fault:
        case OrphanFault.PREDICTIONS_LOST:
            return f", and {counted}, as ever: predictions were lost"
        case OrphanFault.IDS_WRONG:
            return f", and only {counted}: are ids of the labels wrong?"


def _usual(
    name: str, count_of: Callable[[LabelCounts], int], before: Sequence[Evaluation]
) -> list[float] | None:
    """Return the shares of the days on which labels came and the statement held."""
    shares = [
        count_of(counts) / (counts.rows + counts.refused)
        for e in before
        if (counts := e.label_counts) is not None
        and counts.rows + counts.refused
        and not any(check.about == (name, "") for check in e.label_faults)
    ]
    return shares if len(shares) >= FEWEST_DAYS else None


def stray_labels(counts: LabelCounts | None, checks: Sequence[Check]) -> str:
    """Return what is the matter with labels that fit no prediction; empty if nothing.

    A source that holds the labels of many days has some every day: they are told of
    where no label fits, or more than usual do not.

    Args:
        counts: How labels met predictions; None where they were not joined.
        checks: What days before say of the labels.
    """
    is_unusual = any(check.name == BELONG for check in checks)
    if counts is None or not counts.orphans or (counts.joined and not is_unusual):
        return ""
    return f"{counts.orphans:,} labels {STATEMENTS[BELONG][1]}"
