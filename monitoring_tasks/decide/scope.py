"""What the broken promises of a day are about: everything, or a segment. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict
from monitoring_tasks.domain.incident_context import IncidentContext
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.rows.names import ALL

ALL_OF_IT = 0.99
"""Segments of one column that together hold this share are all of the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is broken, and how much of the day it is about.

    Attributes:
        broken: Findings that speak and are in breach.
        segments: Names of the segments, if nothing but segments is broken; else empty.
        rows: Rows that are touched; None when nobody counted them.
        share: The same as a share of the day's rows; None when nobody counted them.
    """

    broken: tuple[Finding, ...]
    segments: tuple[str, ...] = ()
    rows: int | None = None
    share: float | None = None

    @property
    def text(self) -> str:
        """The scope in a few words."""
        if not self.segments:
            return "all rows" if self.rows is None else f"all {self.rows:,} rows"
        named = " and ".join(self.segments)
        if self.share is None:
            return f"{named}, an unknown share of the rows"
        return f"{named}, {self.share:.0%} of the rows"


def scope_of(decisive: Sequence[Finding], context: IncidentContext) -> Scope:
    """Return what is broken and how much of the day it is about.

    Only segments are broken when no objective of the whole batch is, and no column's
    broken segments make up all of the rows. Overlapping segments of several columns
    count as the largest of the columns. A gap between groups is about all of them: its
    share is not known.
    """
    broken = tuple(f for f in decisive if f.verdict is Verdict.BREACH)
    numbers = [f.measurement for f in broken]
    names = tuple(sorted({_segment_name(number) for number in numbers}))
    # A broken objective of the whole batch is about all rows, whatever else is broken.
    all_rows = Scope(broken=broken, rows=context.total, share=1.0 if broken else None)
    if not names or "" in names:
        return all_rows
    by_column: dict[str, int] = defaultdict(int)
    segments = {number.segment for number in numbers}
    # A gap between groups has the segment "all"; what was not counted has no share.
    if ALL in segments or not segments <= set(context.rows) or not context.total:
        return Scope(broken=broken, segments=names)
    for segment in segments:
        by_column[segment.partition("=")[0]] += context.rows[segment]
    rows = min(max(by_column.values()), context.total)
    share = rows / context.total
    # What is left has no segment: rows without a value in the column.
    if share >= ALL_OF_IT:
        return all_rows
    return Scope(broken=broken, segments=names, rows=rows, share=share)


def _segment_name(number: Measurement) -> str:
    """Name the segment a number is about; empty for the whole batch."""
    if number.segment != ALL:
        return number.segment
    is_gap = number.kind is Kind.FAIRNESS and number.column
    return f"groups of {number.column}" if is_gap else ""


def is_protected(finding: Finding, contract: Contract) -> bool:
    """Whether a finding is about a protected group, or a gap between such groups."""
    number = finding.measurement
    if number.kind is Kind.FAIRNESS:
        return True
    return number.segment.partition("=")[0] in contract.columns.protected


def is_below_chance(finding: Finding) -> bool:
    """Whether scores are surely worse than random ones; only an AUC can say."""
    number = finding.measurement
    is_model = number.kind in {Kind.REALIZED, Kind.ESTIMATED}
    if not is_model or number.upper is None:
        return False
    no_skill = metric_of(number.kind, number.metric).no_skill
    return no_skill is not None and number.upper < no_skill
