"""The context of an incident, from what the store has of the days around it. Pure."""

from collections.abc import Callable, Sequence

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.decide.assess import day_verdict, performance_verdict
from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.labels import labels_lost
from monitoring_tasks.domain.damaged_columns import corruption_in
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import LOUD, Verdict
from monitoring_tasks.domain.incident_context import PeerModel
from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.rows.names import ALL
from monitoring_tasks.statistics.burn_rate import SloState, SloStatus


def is_loud(facts: DayFacts) -> bool:
    """Whether a day warns or worse, by its numbers, or its rows or labels look odd."""
    if not facts.batch.is_fit or facts.label_faults or labels_lost(facts):
        return True
    performance = performance_verdict(facts.findings)
    is_corrupted = bool(corruption_in(facts.batch.checks))
    verdict = day_verdict(
        performance, facts.findings, facts.warnings, is_corrupted=is_corrupted
    )
    return verdict in LOUD


def is_in_trouble(facts: DayFacts) -> bool:
    """Whether an objective is broken or warns, or the batch is not fit to judge by."""
    return not facts.batch.is_fit or performance_verdict(facts.findings) in LOUD


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


def label_days_of(
    evaluation: Evaluation, before: Sequence[Evaluation], policy: Policy
) -> dict[str, tuple[LabelDay, ...]]:
    """Return the labels of a day and of those before it, as far as they are mature.

    Of all rows under `ALL`, and of every segment of which the day has labels.

    Args:
        evaluation: The day.
        before: Days before it, oldest first.
        policy: Which days are mature, and which do not count.
    """
    mature = [
        (e, e.label_counts.summaries)
        for e in (*before, evaluation)
        if e.is_fit
        and e.day not in policy.excluded_days
        and e.label_share >= policy.label_coverage
        and e.label_counts is not None
    ]
    today = evaluation.label_counts.summaries if evaluation.label_counts else ()
    return {
        segment: tuple(
            LabelDay(
                day=e.day,
                labels=summaries[segment],
                is_calm=e.performance is not Verdict.BREACH and not e.label_faults,
            )
            for e, summaries in mature
            if segment in summaries
        )
        for segment in dict.fromkeys((ALL, *today))
    }
