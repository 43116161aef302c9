"""What is kept of a day: counts, never rows.

Profiles of one reference merge by addition: a week is seven days added, a small
day is pooled with its neighbours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

from monitoring_tasks.domain.counts import (
    ColumnCounts,
    Outcome,
    ServiceCounts,
    add,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayProfile:
    """Everything kept of one model version on one day in one segment.

    Attributes:
        model: Registered model name.
        day: The model's own calendar day (the first one, when days are pooled).
        version: The version the rows were scored with.
        segment: `all`, or `column=value`.
        rows: Rows of predictions.
        labelled: Rows whose label is known.
        columns: Counts by column; the score is one of them.
        outcome: Scores and labels.
        service: Latency and errors; None when not logged.
    """

    model: str
    day: date
    version: str
    segment: str
    rows: int
    labelled: int
    outcome: Outcome
    columns: Mapping[str, ColumnCounts] = field(default_factory=dict)
    service: ServiceCounts | None = None

    @property
    def label_coverage(self) -> float:
        """Share of rows whose label is known, 0..1."""
        return self.labelled / self.rows if self.rows else 0.0


def merge(profiles: list[DayProfile]) -> DayProfile:
    """Pool days of one version and segment; associative and commutative in counts.

    Raises:
        ValueError: If the list is empty or mixes versions, segments or kinds.
    """
    if not profiles:
        msg = "there is nothing to merge"
        raise ValueError(msg)
    if len({(p.model, p.version, p.segment) for p in profiles}) > 1:
        msg = "only days of one model, version and segment can be merged"
        raise ValueError(msg)
    return reduce(_add_days, profiles)


def _add_days(left: DayProfile, right: DayProfile) -> DayProfile:
    columns = {
        name: add(left.columns[name], right.columns[name])
        if name in left.columns and name in right.columns
        else left.columns.get(name) or right.columns[name]
        for name in {**left.columns, **right.columns}
    }
    service = (
        add(left.service, right.service)
        if left.service and right.service
        else left.service or right.service
    )
    return DayProfile(
        model=left.model,
        day=min(left.day, right.day),
        version=left.version,
        segment=left.segment,
        rows=left.rows + right.rows,
        labelled=left.labelled + right.labelled,
        outcome=add(left.outcome, right.outcome),
        columns=columns,
        service=service,
    )
