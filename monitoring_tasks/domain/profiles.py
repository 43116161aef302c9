"""What is kept of a day: counts, never rows.

Profiles of one reference merge by addition: a week is seven days added, a small
day is pooled with its neighbours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from monitoring_tasks.domain.counts import (
    ColumnCounts,
    Outcome,
    ServiceCounts,
    add_up,
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
    columns: dict[str, list[ColumnCounts]] = {}
    for profile in profiles:
        for name, counts in profile.columns.items():
            columns.setdefault(name, []).append(counts)
    # A day that logged no service takes nothing from what the others say of theirs.
    services = [p.service for p in profiles if p.service]
    return replace(
        profiles[0],
        day=min(p.day for p in profiles),
        rows=sum(p.rows for p in profiles),
        labelled=sum(p.labelled for p in profiles),
        outcome=add_up([p.outcome for p in profiles]),
        columns={name: add_up(counts) for name, counts in columns.items()},
        service=add_up(services) if services else None,
    )
