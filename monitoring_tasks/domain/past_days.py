"""What is remembered of a decided day when a later one, or what follows, is judged."""

from monitoring_tasks.domain.damaged_columns import damaged_columns
from monitoring_tasks.domain.decisions import RELEASE_IS_SOUND, PastDay
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.standing_warnings import DayWarnings


def past_day(evaluation: Evaluation) -> PastDay:
    """Return what a later day remembers of one that was decided."""
    return PastDay(
        day=evaluation.day,
        version=evaluation.version or "",
        verdict=evaluation.verdict or Verdict.NO_DATA,
        performance=evaluation.performance or Verdict.NO_DATA,
        confirmed=evaluation.confirmed,
        label_share=evaluation.label_share,
        label_faults=frozenset(check.about for check in evaluation.label_faults),
        corrupted=evaluation.corrupted,
        damaged_columns=damaged_columns(evaluation.checks),
        warnings=DayWarnings.from_json(evaluation.evidence),
        onset=evaluation.onset,
        version_since=evaluation.version_since,
        is_release_sound=bool(evaluation.evidence.get(RELEASE_IS_SOUND)),
    )
