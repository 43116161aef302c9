"""Counting and measuring a day that is fit: rows in, numbers written down."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.findings import Finding, Measurement
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.weak_segments import WeakSegments
from monitoring_tasks.estimate.arrivals import label_arrivals
from monitoring_tasks.estimate.day_counts import CountedDay, DayRows, count_versions
from monitoring_tasks.estimate.drift_effects import drifted_columns, version_effects
from monitoring_tasks.estimate.label_summaries import summarize_labels
from monitoring_tasks.estimate.label_timeliness import measure_labels
from monitoring_tasks.estimate.pooled import (
    longest_horizon,
    measure_horizons,
    pooled_segments,
)
from monitoring_tasks.estimate.sampled_rows import measure_sample
from monitoring_tasks.estimate.version_measurements import measure_version
from monitoring_tasks.estimate.weak_segment_evidence import (
    EVIDENCE,
    as_evidence,
    is_searched,
    unsearchable,
)
from monitoring_tasks.rows.names import ALL
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.workspace.containment import contained
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.frozen_rows import versions_in
from monitoring_tasks.workspace.label_histories import load_label_histories
from monitoring_tasks.workspace.processes import release_memory

if TYPE_CHECKING:
    from monitoring_tasks.estimate.fitted import Fitted


def estimate_day(day: Day) -> None:
    """Count and measure one day and write its numbers down.

    A day that is not fit to judge by keeps no numbers.
    """
    with contained(day, "estimate"):
        if day.evaluation.data.is_fit:
            _estimate(day)


def _estimate(day: Day) -> None:
    batch = _counted_in_engine(day) if day.is_sample else _counted(day)
    release_memory()
    by_version = batch.profiles
    # Kept first: horizons and label histories read the day beside earlier ones.
    day.record.save_profiles([p for part in by_version.values() for p in part])
    numbers = [
        number
        for version, part in by_version.items()
        for number in (
            *_measure(day, batch, version, part),
            *measure_pools(day, version),
        )
    ]
    _save(day, batch, numbers)


def _counted(day: Day) -> CountedDay:
    """Count the rows of a day that are in memory."""
    joined, label_counts = day.labelled
    columns = day.contract.columns
    rows = with_short_texts(joined, columns.named)
    batch = DayRows(
        day=day.day, rows=rows, versions=versions_in(joined, columns.model_version)
    )
    return CountedDay(
        rows=rows.num_rows,
        kept=rows,
        versions=batch.versions,
        profiles=count_versions(batch, day.contract, day.reference),
        label_counts=label_counts,
    )


def _counted_in_engine(day: Day) -> CountedDay:
    """Count the rows of a day where they lie; the sample is what is in memory."""
    from monitoring_tasks.estimate.engine.counting import (  # noqa: PLC0415 (heavy)
        count_versions_in_engine,
    )
    from monitoring_tasks.workspace.source_rows import source_rows  # noqa: PLC0415 (heavy)

    frozen, columns = day.frozen, day.contract.columns
    labels = day.labels if day.evaluation.are_labels_usable else None
    with source_rows(day, labels=labels, are_frozen=True) as source:
        if frozen is not None:
            source.require_unchanged(frozen, day.unit.as_of)
        profiles = count_versions_in_engine(
            source.rows,
            source.labelled,
            day=day.day,
            versions=source.versions,
            reference_of=day.reference,
        )
        # The whole day comes first.
        labelled = sum(p.labelled for part in profiles.values() for p in part[:1])
        return CountedDay(
            rows=source.count,
            kept=with_short_texts(day.labelled[0], columns.named),
            versions=source.versions,
            profiles=profiles,
            label_counts=source.label_counts(day.rows, labelled),
        )


def _save(day: Day, batch: CountedDay, numbers: Sequence[Measurement]) -> None:
    """Write the numbers down, and how and when labels met the rows."""
    counts = batch.label_counts
    labels = day.labels if counts.joined else None
    arrived = label_arrivals(labels, day.contract, day.day, joined=counts.joined)
    histories = load_label_histories(day.workspace, day.unit, arrived=arrived)
    version, policy = batch.main_version, day.contract.policy
    day.record.save_measurements(
        [*numbers, *measure_labels(histories, day.day, policy, version=version)],
        version=version,
        rows=batch.rows,
        label_counts=replace(
            counts,
            arrived=arrived,
            summaries=summarize_labels(day.profiles, batch.kept, day.contract)
            if counts.joined
            else {},
        ),
    )


def _measure(
    day: Day, batch: CountedDay, version: str, profiles: Sequence[DayProfile]
) -> list[Measurement]:
    contract, reference = day.contract, day.reference(version)
    numbers = measure_version(profiles, reference, contract)
    if not contract.measures_rows or reference is None:
        return numbers
    return numbers + measure_sample(
        batch.kept,
        lambda: _estimators(day, version),
        contract=contract,
        version=version,
        of=batch.versions[version],
        segments=[p.segment for p in profiles if p.segment != ALL],
    )


def _estimators(day: Day, version: str) -> "tuple[Fitted, ...]":
    """Return a version's row-level estimators, fitted or loaded once in a process."""
    from monitoring_tasks.estimate.reconstruction_learning import (  # noqa: PLC0415 (heavy)
        learn_reconstruction,
    )
    from monitoring_tasks.estimate.row_estimators import load_estimators  # noqa: PLC0415 (heavy)

    references, contract = day.workspace.references, day.contract
    logged = (day.model, version)
    return day.workspace.remember(
        "row estimators",
        *logged,
        make=lambda: load_estimators(
            lambda: references.rows(*logged),
            contract,
            reconstruction=lambda: references.reconstruction(
                *logged, contract.columns, learn=learn_reconstruction
            ),
        ),
    )


def measure_pools(day: Day, version: str) -> list[Measurement]:
    """Measure a version's last fit days together, for every longer horizon.

    Days the contract excludes, or that were not fit when last looked at, are left out.

    Args:
        day: The last of the days; it was counted.
        version: Only its profiles are pooled.
    """
    contract = day.contract
    longest = longest_horizon(contract)
    if longest is None:
        return []
    # Fit as they were last evaluated: late news may have made a day unfit.
    evaluations = (*day.past.evaluations(longest - 1), day.evaluation)
    fit = {e.day for e in evaluations if e.is_fit} - {*contract.policy.excluded_days}
    before = day.past.outcomes(longest - 1, pooled_segments(contract))
    counted = [*before, *day.profiles]
    profiles = [p for p in counted if p.version == version and p.day in fit]
    return measure_horizons(profiles, day.reference(version), contract, day.day)


def drift_effects(day: Day, findings: Sequence[Finding]) -> tuple[ColumnEffect, ...]:
    """Predict the effect of every column whose drift warns, on the whole batch.

    Nothing is read on a day without such a column. A version without reference rows
    gives effects that nobody knows, and the reason.

    Args:
        day: The day; it was counted.
        findings: Its judged numbers.
    """
    drifted = drifted_columns(findings)
    if not drifted:
        return ()
    profiles = {p.version: p for p in day.profiles if p.segment == ALL}
    return tuple(
        effect
        for version, columns in drifted.items()
        if version in profiles
        for effect in version_effects(
            profiles[version],
            day.reference(version),
            day.workspace.references.rows(day.model, version),
            contract=day.contract,
            columns=columns,
        )
    )


def with_weak_segments(day: Day, decision: Decision) -> Decision:
    """Add to the evidence of a day in breach on which segments its version did worst.

    Args:
        day: The day that was decided.
        decision: What it means.
    """
    if not is_searched(decision, day.contract):
        return decision
    evidence = {**decision.evidence, EVIDENCE: as_evidence(weak_segments(day))}
    return replace(decision, evidence=evidence)


def weak_segments(day: Day) -> WeakSegments:
    """Search the labelled rows of the day's version, as known at the unit's instant.

    The rows of the last `policy.weak_segments.days` days are searched together. A day
    that is not fit, or whose labels are not mature, gives no segment and the reason.
    """
    contract, version = day.contract, day.evaluation.version or ""
    refused = unsearchable(day.evaluation, contract.policy.label_coverage)
    if refused is not None:
        return refused
    # scikit-learn is not loaded on a quiet day.
    from monitoring_tasks.estimate.weak_segments import (  # noqa: PLC0415
        find_weak_segments,
    )

    policy = contract.policy.weak_segments
    pooled, days = day.labelled_rows(version, days=policy.days)
    segments = find_weak_segments(
        hash_sample(pooled, contract.columns.id, policy.sample_rows),
        day.workspace.references.rows(day.model, version),
        contract,
        days=days,
    )
    remark = "; ".join(filter(None, (segments.reason, day.sample_remark)))
    return replace(segments, version=version, reason=remark)
