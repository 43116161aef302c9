"""In what a day is unlike a baseline, and in what segments of it are; each told once.

A statement about a column is the whole day's or a segment's, never both: it keeps its
name, so that a fault that spreads from a segment is the same fault.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.texts import escaped_text
from monitoring_tasks.statistics.confinement import confined_to
from monitoring_tasks.validate.corruption.batch_test import BatchTest
from monitoring_tasks.validate.corruption.patterns import find_corruption
from monitoring_tasks.validate.suites.margins import season_over
from monitoring_tasks.validate.summary.hours import skipped_hours

SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentCheck:
    """A statement that does not hold in a segment.

    Attributes:
        segment: `column=value`.
        share: Share of the segment's rows that are beyond its usual, 0..1.
        rows: The same in rows of the whole day.
        check: The statement.
    """

    segment: str
    share: float
    rows: float
    check: Check


def find_suspects(
    summary: BatchSummary,
    baseline: BatchBaseline,
    contract: Contract,
    *,
    is_asked_twice: bool = False,
    out_of_season: bool = False,
) -> list[Check]:
    """Say in what a day, then each segment of it, is unlike a baseline.

    Args:
        summary: What the day looks like; at least one row.
        baseline: What the reference's days have in common.
        contract: Brings the policy.
        is_asked_twice: Whether the number of rows is asked about as a level is, for it
            has to fail against the reference by itself as well.
        out_of_season: Whether levels have to be further off than the seasons a short
            reference has not seen. If not, seasons are included.
    """
    policy = contract.policy
    false_alarm = policy.reference_gate.false_alarm
    of_two = math.sqrt(false_alarm)
    test = BatchTest(
        summary=summary,
        baseline=baseline,
        policy=policy.reference_gate,
        rows_alarm=of_two if is_asked_twice else false_alarm,
        # Where there are days before, a level is asked twice, here and against those:
        # both together fail by chance at `false_alarm`.
        level_alarm=false_alarm if out_of_season else of_two,
        season=season_over(baseline.days) if out_of_season else 1.0,
        outputs=contract.columns.outputs,
        skipped_hours=skipped_hours(summary.day, contract.zone),
    )
    return _with_segments(test, policy)


def _with_segments(test: BatchTest, policy: Policy) -> list[Check]:
    """Return the statements of a day, those that hold of it but not of a part included.

    What fails for the whole day is said of the segment that holds most of its rows, if
    there is one. What fails in a part alone is a warning.
    """
    whole = find_corruption(test, min_rows=policy.min_rows)
    parts = sorted(_failing_parts(test, policy), key=lambda part: part.check.about)
    rows = test.summary.rows
    # A column that is broken as a whole is so in its parts, by whatever statement.
    said = [
        _confined(check, [p for p in parts if p.check.column == check.column], rows)
        for check in whole
    ]
    columns = {name for check in whole for name in check.column.split(", ")}
    return said + [
        _of_parts(list(of))
        for (_, column), of in groupby(parts, lambda part: part.check.about)
        if columns.isdisjoint(column.split(", "))
    ]


def _failing_parts(test: BatchTest, policy: Policy) -> Iterator[SegmentCheck]:
    known = {
        name: baseline
        for name, baseline in test.baseline.segments.items()
        if baseline.days >= policy.min_reference_days and name in test.summary.segments
    }
    for name, baseline in known.items():
        summary = test.summary.segments[name]
        # All segments together fail by chance as often as the whole day does.
        part = replace(test, summary=summary, baseline=baseline, tests=len(known))
        rows = _rows_of(test, name)
        for check in find_corruption(part, min_rows=policy.min_rows):
            if check.column:
                share = check.failing_rows / summary.rows
                yield SegmentCheck(
                    segment=name, share=share, rows=share * rows, check=check
                )


def _rows_of(test: BatchTest, segment: str) -> int:
    """Return how many rows of the day a segment has, those left out included."""
    column, value = segment.split("=", 1)
    counted = test.summary.categories.get(column, {}).get(value)
    return counted or test.summary.segments[segment].rows


def _confined(check: Check, parts: Sequence[SegmentCheck], rows: int) -> Check:
    """Name the segment that holds most of the rows a statement fails on."""
    share = max(check.failing_rows, 1) / rows
    purest = confined_to(parts, failing=share * rows, share=share)
    if purest is None:
        return check
    where = escaped_text(purest.segment)
    return replace(check, observed=f"{check.observed}; most of it where {where}")


def _of_parts(parts: Sequence[SegmentCheck]) -> Check:
    """Say once what fails in some segments, in the words of the clearest."""
    ordered = sorted(parts, key=lambda part: (-part.share, -part.rows, part.segment))
    first = ordered[0]
    others = [escaped_text(part.segment) for part in ordered[1 : 1 + SHOWN]]
    also = f"; also where {', '.join(others)}" if others else ""
    return replace(
        first.check,
        severity="warning",
        observed=f"where {escaped_text(first.segment)}: {first.check.observed}{also}",
        failing_rows=round(first.rows),
    )
