"""From counted records to `DayProfile`s; the other half of `counting`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from monitoring_tasks.contract.column_kinds import category_columns
from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
    Outcome,
    ServiceCounts,
)
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.engine.count_records import (
    BinCell,
    BinSums,
    CategoryCell,
    Key,
    OfColumn,
    SegmentSize,
)
from monitoring_tasks.estimate.engine.outcome_records import by_segment, stable

About = TypeVar("About", bound=OfColumn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the statements of a batch answered, under the batch's own names.

    Attributes:
        sizes: Rows, labelled rows and errors; one record per day and segment.
        sums: Sums of continuous columns.
        cells: Their bins.
        categories: Categories of categorical columns, and latencies.
        outcomes: Scores, predictions and labels by day and segment.
    """

    sizes: Sequence[SegmentSize]
    sums: Sequence[BinSums]
    cells: Sequence[BinCell]
    categories: Sequence[CategoryCell]
    outcomes: Mapping[Key, Outcome]


def profiles_from(
    contract: Contract, version: str, counted: Counted
) -> list[DayProfile]:
    """Put the records of the statements together, by day and segment.

    Args:
        contract: Says which column plays which role.
        version: The version that was counted.
        counted: What was counted of it.
    """
    # A segment without a cell of some kind has an empty list of them.
    sums, cells = by_segment(counted.sums), by_segment(counted.cells)
    categories = by_segment(counted.categories)
    profiles = []
    for size in counted.sizes:
        key = (size["day"], size["segment"])
        columns = _continuous(sums[key], cells[key])
        profiles.append(
            DayProfile(
                model=contract.model,
                day=size["day"],
                version=version,
                segment=size["segment"],
                rows=size["n"],
                labelled=size["labelled"],
                columns=columns | _categorical(contract, categories[key]),
                outcome=counted.outcomes[key],
                service=_service(contract.columns, size, categories[key]),
            )
        )
    return profiles


def _by_column(records: Iterable[About]) -> dict[str, list[About]]:
    grouped: dict[str, list[About]] = defaultdict(list)
    for record in records:
        grouped[record["column"]].append(record)
    return grouped


def _continuous(
    sums: Sequence[BinSums], cells: Sequence[BinCell]
) -> dict[str, ColumnCounts]:
    by_column = _by_column(cells)
    return {
        record["column"]: ContinuousCounts(
            rows=record["n"],
            nulls=record["n"] - record["valid"],
            below=record["below"],
            above=record["above"],
            coarse=_sparse(by_column[record["column"]], "coarse"),
            fine=_sparse(by_column[record["column"]], "fine"),
            below_distance=stable(record["below_distance"]),
            above_distance=stable(record["above_distance"]),
            total=stable(record["total"]),
            squares=stable(record["squares"]),
        )
        for record in sorted(sums, key=lambda record: str(record["column"]))
    }


def _categorical(
    contract: Contract, cells: Sequence[CategoryCell]
) -> dict[str, ColumnCounts]:
    by_column = _by_column(cells)
    return {
        name: _counts(by_column[name])
        for name in category_columns(contract)
        if name in by_column
    }


def _counts(cells: Sequence[CategoryCell]) -> CategoricalCounts:
    # What was put together has no category either, and is no null.
    named = {
        r["category"]: r["n"]
        for r in cells
        if not r["is_other"] and r["category"] is not None
    }
    nulls = [r for r in cells if not r["is_other"] and r["category"] is None]
    other = [r for r in cells if r["is_other"]]
    return CategoricalCounts(
        rows=sum(r["n"] for r in cells),
        nulls=sum(r["n"] for r in nulls),
        counts=dict(sorted(named.items())),
        other=sum(r["n"] for r in other),
        other_categories=sum(r["categories"] for r in other),
    )


def _sparse(cells: Sequence[BinCell], key: Literal["coarse", "fine"]) -> dict[int, int]:
    counts: dict[int, int] = defaultdict(int)
    for cell in cells:
        if cell[key] >= 0:  # below and above the bins are counted apart
            counts[cell[key]] += cell["n"]
    return dict(sorted(counts.items()))


def _service(
    columns: Columns, size: SegmentSize, cells: Sequence[CategoryCell]
) -> ServiceCounts | None:
    if columns.latency is None and columns.error is None:
        return None
    latency = {
        int(cell["category"]): cell["n"]
        for cell in cells
        if cell["column"] == columns.latency and cell["category"] is not None
    }
    return ServiceCounts(
        rows=size["n"], errors=size["failed"], latency=dict(sorted(latency.items()))
    )
