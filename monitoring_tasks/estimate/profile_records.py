"""From counted records to `DayProfile`s; the other half of `counting`."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from monitoring_tasks.contract.column_kinds import category_columns
from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
    MulticlassOutcome,
    Outcome,
    RegressionOutcome,
    ServiceCounts,
)
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.engine import Records

Key = tuple[date, str]


def profiles_from(
    contract: Contract, version: str, sizes: Records, parts: tuple[Records, ...]
) -> list[DayProfile]:
    """Put the records of the statements together, by day and segment.

    Args:
        contract: Says which column plays which role.
        version: The version that was counted.
        sizes: Rows, labelled rows and errors; one record per day and segment.
        parts: Sums and cells of continuous columns, cells of categories, outcomes.
    """
    by_key = [_grouped(part) for part in parts]
    return [
        # A segment without a cell of some kind has an empty list of them.
        _profile(contract, version, size, [part[_key(size)] for part in by_key])
        for size in sizes
    ]


def _profile(
    contract: Contract, version: str, size: dict[str, Any], parts: list[Records]
) -> DayProfile:
    sums, cells, categories, outcomes = parts
    return DayProfile(
        model=contract.model,
        day=size["day"],
        version=version,
        segment=size["segment"],
        rows=size["n"],
        labelled=size["labelled"],
        columns=_continuous(sums, cells) | _categorical(contract, categories),
        outcome=_read_outcome(contract.problem, outcomes),
        service=_service(contract.columns, size, categories),
    )


def _key(record: dict[str, Any]) -> Key:
    return (record["day"], record["segment"])


def _grouped(records: Records) -> dict[Key, Records]:
    grouped: dict[Key, Records] = defaultdict(list)
    for record in records:
        grouped[_key(record)].append(record)
    return grouped


def _stable(number: float) -> float:
    """Drop the last bits, which depend on the order an engine adds rows in."""
    return float(f"{number:.12g}")


def _by_column(records: Iterable[dict[str, Any]]) -> dict[str, Records]:
    grouped: dict[str, Records] = defaultdict(list)
    for record in records:
        grouped[record["column"]].append(record)
    return grouped


def _continuous(sums: Records, cells: Records) -> dict[str, ColumnCounts]:
    by_column = _by_column(cells)
    names = ("below_distance", "above_distance", "total", "squares")
    return {
        record["column"]: ContinuousCounts(
            rows=record["n"],
            nulls=record["n"] - record["valid"],
            below=record["below"],
            above=record["above"],
            coarse=_sparse(by_column[record["column"]], "coarse"),
            fine=_sparse(by_column[record["column"]], "fine"),
            **{name: _stable(record[name]) for name in names},
        )
        for record in sorted(sums, key=lambda record: str(record["column"]))
    }


def _categorical(contract: Contract, cells: Records) -> dict[str, ColumnCounts]:
    by_column = _by_column(cells)
    return {
        name: _counts(by_column[name])
        for name in category_columns(contract)
        if name in by_column
    }


def _counts(cells: Records) -> CategoricalCounts:
    # What was put together has no category either, and is no null.
    named = {r["category"]: r["n"] for r in cells if not r["is_other"]}
    other = [r for r in cells if r["is_other"]]
    return CategoricalCounts(
        rows=sum(r["n"] for r in cells),
        nulls=named.pop(None, 0),
        counts=dict(sorted(named.items())),
        other=sum(r["n"] for r in other),
        other_categories=sum(r["categories"] for r in other),
    )


def _sparse(cells: Records, key: str) -> dict[int, int]:
    counts: dict[int, int] = defaultdict(int)
    for cell in cells:
        if cell[key] >= 0:  # below and above the bins are counted apart
            counts[cell[key]] += cell["n"]
    return dict(sorted(counts.items()))


def _read_outcome(problem: Problem, records: Records) -> Outcome:
    if problem is Problem.BINARY:
        return _binary_outcome(records)
    if problem is Problem.MULTICLASS:
        cells = {
            (r["predicted"], r["label"]): r["n"]
            for r in records
            if r["predicted"] is not None
        }
        return MulticlassOutcome(cells=dict(sorted(cells.items(), key=repr)))
    record = records[0]
    names = ("e", "e2", "e4", "abs", "y", "y2", "sq_log", "sq_log2", "logs")
    return RegressionOutcome(
        rows=record["n"],
        labelled=record["labelled"],
        sums={name: _stable(float(record[name])) for name in names},
    )


def _binary_outcome(records: Records) -> BinaryOutcome:
    # Sorted, so that a profile is the same whatever order the engine answers in.
    valid = sorted(
        (r["bin"], r["predicted"], r["label"], r["n"], r["scores"])
        for r in records
        if r["bin"] >= 0
    )
    return BinaryOutcome(
        cells={cell[:3]: cell[3] for cell in valid},
        score_sums={cell[:3]: _stable(cell[4]) for cell in valid},
        invalid=sum(r["n"] for r in records if r["bin"] < 0),
    )


def _service(
    columns: Columns, size: dict[str, Any], cells: Records
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
