"""The context of an incident, from what the store has of the days around it. Pure."""

from collections.abc import Callable, Sequence
from datetime import date
from statistics import median

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.assess import day_verdict, performance_verdict
from monitoring_tasks.decide.standing_warnings import StandingWarning
from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import (
    LOUD,
    DataVerdict,
    Finding,
    Verdict,
    corruption_in,
)
from monitoring_tasks.domain.incident_context import BaseRate, Orphans, PeerModel
from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.statistics.burn_rate import SloState, SloStatus
from monitoring_tasks.statistics.intervals import wilson

BASE_RATE_DAYS = 28
"""How far back a day's share of positive labels is held against other days'."""


def is_loud(
    findings: Sequence[Finding],
    warnings: Sequence[StandingWarning],
    batch: DataVerdict,
) -> bool:
    """Whether a day warns or worse, by its numbers or by what its rows look like.

    Args:
        findings: The judged numbers of the day.
        warnings: Numbers past their limits that break no promise.
        batch: What validation said of its rows.
    """
    if not batch.is_fit:
        return True
    is_corrupted = bool(corruption_in(batch.checks))
    performance = performance_verdict(findings)
    verdict = day_verdict(performance, findings, warnings, is_corrupted=is_corrupted)
    return verdict in LOUD


def is_in_trouble(findings: Sequence[Finding], batch: DataVerdict) -> bool:
    """Whether an objective is broken or warns, or the batch is not fit to judge by.

    Args:
        findings: The judged numbers of the day.
        batch: What validation said of its rows.
    """
    return not batch.is_fit or performance_verdict(findings) in LOUD


def peer_models(
    others: Sequence[Evaluation], tier_of: Callable[[str], int]
) -> tuple[PeerModel, ...]:
    """Return the other models whose breach is confirmed on the day, and since when.

    Args:
        others: What was decided of other models on the same day.
        tier_of: Model name -> its tier.
    """
    return tuple(
        PeerModel(
            model=other.model,
            tier=tier_of(other.model),
            cause=other.cause,
            onset=other.onset,
        )
        for other in others
        if other.confirmed and other.onset
    )


def exhausted_budgets(
    statuses: Sequence[SloStatus], *, is_fit: bool
) -> tuple[str, ...]:
    """Return the SLOs whose error budget is gone and which such a day spends.

    Args:
        statuses: How the SLOs stand at the end of the day.
        is_fit: Whether the batch was fit to judge by. A fit day spends the budget of
            measured SLOs, an unfit one that of freshness and the like.
    """
    return tuple(
        status.slo.name
        for status in statuses
        if status.state is SloState.EXHAUSTED
        and status.slo.indicator.is_measured is is_fit
    )


def was_put_back(
    evaluation: Evaluation, last_move: JournalLine | None, contract: Contract
) -> bool:
    """Whether the day's version serves because the alias was moved to it lately.

    Args:
        evaluation: The day.
        last_move: The journal's newest line of a move of the alias that was applied.
        contract: Says in which time zone days are, and how long a release is recent.
    """
    if last_move is None or last_move.at > evaluation.as_of:
        return False
    age = (evaluation.day - day_of(last_move.at, contract.timezone)).days
    is_same = last_move.to_version == evaluation.version
    return is_same and age <= contract.policy.onset_days


def orphans_of(evaluation: Evaluation, before: Sequence[Evaluation]) -> Orphans | None:
    """Return what share of the labels belongs to no prediction, and usually does.

    Args:
        evaluation: The day.
        before: Decided evaluations of the days before.

    Returns:
        None when no labels came.
    """
    counts = evaluation.label_counts
    if counts is None or not counts.rows:
        return None
    # Days without any label have no share that could be usual.
    shares = [
        past.orphans / past.rows
        for earlier in before
        if (past := earlier.label_counts) is not None and past.rows
    ]
    return Orphans(
        share=counts.orphans / counts.rows,
        usual=median(shares) if shares else None,
    )


def base_rate_of(
    contract: Contract,
    profiles: Sequence[DayProfile],
    before: Sequence[Evaluation],
    *,
    day: date,
) -> BaseRate | None:
    """Hold the day's share of positive labels against days that were not in breach.

    Args:
        contract: Says whether labels are of two classes, and how sure is sure.
        profiles: Counts of the day and of the days before.
        before: Evaluations of the days before.
        day: The day.

    Returns:
        None where the model is not binary, the day has no labels, or fewer days before
        have some than `policy.min_reference_days`.
    """
    if contract.problem is not Problem.BINARY:
        return None
    # A day in breach may owe its breach to the very labels that are in doubt.
    calm = {
        earlier.day
        for earlier in before
        if earlier.is_fit and earlier.performance not in {Verdict.BREACH, None}
    }
    of_day: dict[date, list[DayProfile]] = {}
    for profile in profiles:
        if profile.segment == "all" and profile.day in {*calm, day}:
            of_day.setdefault(profile.day, []).append(profile)
    counted = {counted_day: _positives(parts) for counted_day, parts in of_day.items()}
    positives, labelled = counted.pop(day, (0, 0))
    shares = [part / total for part, total in counted.values() if total]
    if not labelled or len(shares) < contract.policy.min_reference_days:
        return None
    lower, upper = wilson(positives, labelled, confidence=contract.policy.confidence)
    return BaseRate(
        today=positives / labelled,
        lower=lower,
        upper=upper,
        least=min(shares),
        most=max(shares),
        days=len(shares),
    )


def _positives(profiles: Sequence[DayProfile]) -> tuple[int, int]:
    """Count positive and all labels of a day's versions."""
    positives = labelled = 0
    for profile in profiles:
        if isinstance(profile.outcome, BinaryOutcome):
            for (_, _, label), rows in profile.outcome.cells.items():
                positives += rows * (label == 1)
                labelled += rows * (label >= 0)
    return positives, labelled
