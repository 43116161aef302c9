"""Is the data fit to judge a model by? Reads the frozen rows, writes the verdict."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import (
    FIT,
    REFERENCE_GATE,
    Check,
    DataVerdict,
    Verdict,
)
from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.validate.gates.day_rows import DayBatch
from monitoring_tasks.validate.gates.label_checks import judge_labels
from monitoring_tasks.validate.gates.prediction_gates import check_predictions
from monitoring_tasks.validate.gates.verdicts import judge_checks
from monitoring_tasks.validate.memory_batch import MemoryBatch
from monitoring_tasks.validate.reference_checks import relations_of
from monitoring_tasks.validate.reference_gate import (
    Corruption,
    DaysBefore,
    check_batch,
    no_baseline,
)
from monitoring_tasks.validate.summary.batch_summary import summary_digest
from monitoring_tasks.validate.summary.row_identity import (
    each_held_against_the_last,
    held_against,
)
from monitoring_tasks.workspace.containment import contained
from monitoring_tasks.workspace.day import Day

if TYPE_CHECKING:
    import pyarrow as pa

    from monitoring_tasks.domain.reference import ReferenceProfile
    from monitoring_tasks.validate.pushed.engine_batch import EngineBatch
    from monitoring_tasks.workspace.source_rows import SourceRows

logger = logging.getLogger(__name__)
SPAN = 2
"""The fit days just before lie within so many times `recent_days`."""


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
        with _batch(day, day.predictions) as batch:
            weighed = _with_reference(day, batch, evaluation.data, in_order=True)
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
    with _batch(day, day.predictions) as batch:
        verdict = check_predictions(
            batch.rows,
            contract=day.contract,
            suite=day.workspace.suite(day.model, "predictions"),
            known_versions=_registered(day),
            other_days=problem.other_days,
        )
        to_judge, to_meet = batch.to_join(day.labels)
        labels = judge_labels(
            to_judge,
            to_meet,
            day.contract,
            suite=day.workspace.suite(day.model, "labels"),
            unreadable=problem.labels,
        )
        weighed = _with_reference(day, batch, verdict, in_order=in_order)
    day.record.save_data_verdict(weighed, labels=labels)


@contextmanager
def _batch(day: Day, kept: "pa.Table") -> Iterator[DayBatch]:
    """Open the rows of a day: those that are kept, or all of them where they lie."""
    if not (day.frozen and day.frozen.is_sample):
        yield MemoryBatch(table=kept, contract=day.contract)
        return
    from monitoring_tasks.workspace.source_rows import source_rows  # noqa: PLC0415 (heavy)

    with source_rows(day, labels=day.labels, are_frozen=True) as source:
        source.require_unchanged(day.frozen, day.unit.as_of)
        yield engine_batch(source, kept)


def engine_batch(source: "SourceRows", sample: "pa.Table") -> "EngineBatch":
    """Return the rows of a day where they lie as the gates are asked about them."""
    from monitoring_tasks.validate.pushed.engine_batch import (  # noqa: PLC0415 (heavy)
        EngineBatch,
    )
    from monitoring_tasks.validate.pushed.statements import Sample  # noqa: PLC0415 (heavy)

    return EngineBatch(
        source=source.rows,
        sample=Sample(rows=sample, of=source.count),
        versions=source.versions,
        contract=source.contract,
        labels=source.labels.labels if source.labels else None,
        ids_of_labels=source.ids_of_labels,
    )


def _registered(day: Day) -> frozenset[str]:
    """The registered versions; none where the registry knows no such model."""
    try:
        return frozenset(v.version for v in day.workspace.versions(day.model))
    except VersionMissingError as error:
        if day.workspace.registry.is_absent:
            raise  # a fault of the setting, not of the day's rows
        logger.warning("no version is registered: %s", error)
        return frozenset()


def _with_reference(
    day: Day, batch: DayBatch, verdict: DataVerdict, *, in_order: bool
) -> DataVerdict:
    """Add the gate that needs the reference of the version most rows carry."""
    others = [check for check in verdict.checks if check.gate != REFERENCE_GATE]
    return judge_checks([*others, *_reference_checks(day, batch, in_order=in_order)])


def _reference_checks(day: Day, batch: DayBatch, *, in_order: bool) -> list[Check]:
    contract = day.contract
    if contract.policy.reference_gate.when == "never" or batch.is_empty:
        return []
    reference = day.reference(batch.version) if batch.version else None
    if reference is None:
        who = f"version '{batch.version}'"
        return [no_baseline(f"{who} has no reference; `daywatch reference` logs one")]
    kept = _kept_summary(day, day.evaluation, reference)
    summary = kept or _summarize(day, batch, reference)
    if in_order:
        summary = held_against(summary, _day_before(day, reference))
    checks = check_batch(summary, reference.baseline, contract)
    # The days before are read only for a day that needs them: most do not.
    if not in_order or all(check.status != "failed" for check in checks):
        return checks
    before = _days_before(day, reference)
    return check_batch(summary, reference.baseline, contract, before)


def _summarize(
    day: Day, batch: DayBatch, reference: "ReferenceProfile"
) -> BatchSummary:
    """Summarize the rows of a day, and keep it for the days after."""
    summary = batch.summarize(day.day, reference)
    made_from = _made_from(day, day.evaluation, reference)
    day.workspace.batch_summaries.save(summary, model=day.model, **made_from)
    return summary


def _made_from(
    day: Day, evaluation: Evaluation, reference: "ReferenceProfile"
) -> dict[str, str]:
    """Say which rows a summary describes, and what else it follows from."""
    return {
        "digest": str(evaluation.predictions),
        "columns": summary_digest(day.contract, relations_of(reference)),
    }


def _kept_summary(
    day: Day, evaluation: Evaluation, reference: "ReferenceProfile"
) -> BatchSummary | None:
    """Load what was kept of the same rows, held against the same reference."""
    made_from = _made_from(day, evaluation, reference)
    return day.workspace.batch_summaries.load(day.model, evaluation.day, **made_from)


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
            [s for e in fit if (s := _summary(day, e, reference)) is not None]
        ),
        corrupted={e.day: _unlike(e, is_new=True) for e in evaluations},
        standing={e.day: _unlike(e, is_new=False) for e in evaluations},
    )


def _unlike(evaluation: Evaluation, *, is_new: bool) -> Corruption:
    """Return what failed against the reference, newly or against it alone."""
    return frozenset(
        check.about
        for check in evaluation.checks
        if check.gate == REFERENCE_GATE
        and check.status == "failed"
        and check.is_new is is_new
    )


def _summary(
    day: Day, evaluation: Evaluation, reference: "ReferenceProfile"
) -> BatchSummary | None:
    """Return what the rows of an earlier day look like; they are seldom read for it.

    By what the day's own reference says, whichever version served the earlier one.
    None where it was not kept and the rows stay with their source.
    """
    kept = _kept_summary(day, evaluation, reference)
    if kept:
        return kept
    # Of its own: what it reads is let go when it is summarized.
    earlier = Day(day.workspace, evaluation.unit)
    earlier.evaluation = evaluation
    if earlier.is_sample:
        return None
    batch = MemoryBatch(table=earlier.rows, contract=day.contract)
    return _summarize(earlier, batch, reference)
