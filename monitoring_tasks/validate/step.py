"""Is the data fit to judge a model by? Reads the frozen rows, writes the verdict."""

import logging
from functools import partial
from typing import TYPE_CHECKING

from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import (
    FIT,
    REFERENCE_GATE,
    Check,
    DataVerdict,
    Verdict,
    corruption_in,
)
from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.validate import checks
from monitoring_tasks.validate.batch_summary import summary_digest
from monitoring_tasks.validate.label_checks import judge_labels
from monitoring_tasks.validate.reference_checks import (
    SPAN,
    DaysBefore,
    check_reference,
    has_no_reference,
    main_version,
    relations_of,
    summarize_batch,
)
from monitoring_tasks.validate.row_identity import (
    each_held_against_the_last,
    held_against,
)
from monitoring_tasks.workspace.containment import contained
from monitoring_tasks.workspace.day import Day

if TYPE_CHECKING:
    import pyarrow as pa

    from monitoring_tasks.domain.reference import ReferenceProfile

logger = logging.getLogger(__name__)


def validate_day(day: Day, *, in_order: bool = True) -> None:
    """Validate the frozen rows of a day and write the verdict down.

    Args:
        day: The day, extracted.
        in_order: Whether all earlier days are validated, so that they may be asked
            what is new; if not, `validate_again` does that later.
    """
    with contained(day, "validate"):
        _validate_day(day, in_order=in_order)


def validate_again(day: Day) -> None:
    """Let the days before tell what is new in a day, and what was there before it."""
    evaluation = day.evaluation
    with contained(day, "validate"):
        if day.predictions is None:
            return
        weighed = _with_reference(day, evaluation.data, in_order=True)
        if weighed == evaluation.data:
            return
        day.record.save_data_verdict(
            weighed,
            labels=evaluation.label_verdict,
            label_counts=evaluation.label_counts,
        )


def _validate_day(day: Day, *, in_order: bool) -> None:
    problem = day.evaluation.problem
    if day.predictions is None:
        reason = problem.text or "there are no predictions"
        day.record.save_data_verdict(
            DataVerdict(verdict=Verdict.NO_DATA, reason=reason)
        )
        return
    verdict = checks.check_predictions(
        day.predictions,
        contract=day.contract,
        suite=day.workspace.suite(day.model, "predictions"),
        known_versions=_registered(day),
        other_days=problem.other_days,
    )
    labels = judge_labels(
        day.labels,
        day.predictions,
        day.contract,
        suite=day.workspace.suite(day.model, "labels"),
        unreadable=problem.labels,
    )
    weighed = _with_reference(day, verdict, in_order=in_order)
    day.record.save_data_verdict(weighed, labels=labels)


def _registered(day: Day) -> frozenset[str]:
    """The registered versions; none where the registry knows no such model."""
    try:
        return frozenset(v.version for v in day.workspace.versions(day.model))
    except VersionMissingError as error:
        if day.workspace.registry.is_absent:
            raise  # a fault of the setting, not of the day's rows
        logger.warning("no version is registered: %s", error)
        return frozenset()


def _with_reference(day: Day, verdict: DataVerdict, *, in_order: bool) -> DataVerdict:
    """Add the gate that needs the reference of the version most rows carry."""
    from monitoring_tasks.validate.verdicts import judge_checks  # noqa: PLC0415 (rare)

    others = [check for check in verdict.checks if check.gate != REFERENCE_GATE]
    return judge_checks([*others, *_reference_checks(day, in_order=in_order)])


def _reference_checks(day: Day, *, in_order: bool) -> list[Check]:
    contract, predictions = day.contract, day.predictions
    if contract.policy.reference_gate.when == "never":
        return []
    if predictions is None or not predictions.num_rows:
        return []
    version = main_version(predictions, contract)
    reference = day.reference(version) if version else None
    if reference is None:
        return [has_no_reference(version)]
    summary = _summarize(day, predictions, reference)
    if in_order:
        summary = held_against(summary, _day_before(day, reference))
    return check_reference(
        summary,
        contract,
        reference=reference,
        before=partial(_days_before, day, reference) if in_order else None,
    )


def _summarize(
    day: Day, predictions: "pa.Table", reference: "ReferenceProfile | None"
) -> BatchSummary:
    """Summarize the rows of a day, and keep it for the days after."""
    summary = summarize_batch(predictions, day.day, day.contract, reference)
    day.workspace.batch_summaries.save(
        summary,
        model=day.model,
        digest=str(day.evaluation.predictions),
        columns=summary_digest(day.contract, relations_of(reference)),
    )
    return summary


def _day_before(day: Day, reference: "ReferenceProfile") -> BatchSummary | None:
    """Summarize the last day before a day that has rows, fit or not."""
    span = SPAN * day.contract.policy.reference_gate.recent_days
    with_rows = [e for e in day.past.evaluations(span) if e.predictions]
    return _summary(day, with_rows[-1], reference) if with_rows else None


def _days_before(day: Day, reference: "ReferenceProfile") -> DaysBefore:
    """Summarize the fit days just before a day, whichever version served them."""
    policy = day.contract.policy
    # Twice as many days as are needed: unfit and corrupted ones fall out.
    evaluations = [
        evaluation
        for evaluation in day.past.evaluations(SPAN * policy.reference_gate.recent_days)
        if evaluation.day not in policy.excluded_days
    ]
    fit = [e for e in evaluations if e.data_verdict in FIT and e.predictions]
    return DaysBefore(
        summaries=each_held_against_the_last(
            [_summary(day, evaluation, reference) for evaluation in fit]
        ),
        corrupted={
            e.day: frozenset(check.about for check in corruption_in(e.checks))
            for e in evaluations
        },
    )


def _summary(
    day: Day, evaluation: Evaluation, reference: "ReferenceProfile"
) -> BatchSummary:
    """Return what the rows of an earlier day look like; they are seldom read for it.

    By what the day's own reference says, whichever version served the earlier one.
    """
    workspace, contract = day.workspace, day.contract
    digest = str(evaluation.predictions)
    columns = summary_digest(contract, relations_of(reference))

    def load() -> BatchSummary:
        kept = workspace.batch_summaries.load(
            day.model, evaluation.day, digest=digest, columns=columns
        )
        if kept is not None:
            return kept
        # Of its own: what it reads is let go when it is summarized.
        earlier = Day(workspace, evaluation.unit)
        earlier.evaluation = evaluation
        return _summarize(earlier, earlier.rows, reference)

    key = ("batch summary", day.model, evaluation.day, digest, columns)
    return workspace.remember(*key, make=load)
