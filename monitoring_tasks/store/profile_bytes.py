"""A profile as bytes: an Arrow stream any reader of Arrow can open; no pickles.

A row is one part of the profile: the bins of a column, its categories, latencies, or
the cells of scores, predictions and labels. What is one number stands as JSON in the
schema's metadata, under `daywatch`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, assert_never

import numpy as np
import pyarrow as pa

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
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.errors import DataError
from monitoring_tasks.statistics.bin_counts import BinCounts
from monitoring_tasks.statistics.cell_counts import CellCounts

FORMAT = 2
"""Raised when a part or a key is renamed or means something else."""
METADATA = b"daywatch"
MAPPINGS = frozenset({"coarse", "fine", "counts", "latency", "cells", "score_sums"})
"""Fields of the counts that are parts of their own."""
UNKNOWN_LABEL = -1
SCHEMA = pa.schema(
    {
        "part": pa.string(),  # coarse, fine, counts, latency or cells
        "column": pa.string(),  # of the batch; empty for latency and cells
        "bins": pa.list_(pa.int64()),
        "texts": pa.list_(pa.string()),
        "predicted": pa.list_(pa.int64()),
        "labels": pa.list_(pa.int64()),
        "rows": pa.list_(pa.int64()),
        "score_sums": pa.list_(pa.float64()),
    }
)
Part = dict[str, Any]
"""A row of the table; lists it does not need are left out."""


def encode(profile: DayProfile) -> bytes:
    """Write a profile; equal profiles give equal bytes."""
    outcome, classes = _outcome_part(profile.outcome)
    parts = [
        part
        for name, counts in sorted(profile.columns.items())
        for part in _column_parts(name, counts)
    ]
    parts += outcome
    plain: dict[str, Any] = {
        "format": FORMAT,
        "model": profile.model,
        "day": profile.day.isoformat(),
        "version": profile.version,
        "segment": profile.segment,
        "rows": profile.rows,
        "labelled": profile.labelled,
        "columns": {name: _numbers(c) for name, c in profile.columns.items()},
        "outcome": _numbers(profile.outcome),
        "classes": classes,
        "service": None,
    }
    if profile.service is not None:
        plain["service"] = _numbers(profile.service)
        parts.append(_binned("latency", "", profile.service.latency))
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    table = pa.Table.from_batches([_batch(parts)])
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    schema = SCHEMA.with_metadata({METADATA: text.encode()})
    with pa.ipc.new_stream(sink, schema, options=options) as writer:
        writer.write_table(table.cast(schema))
    content: bytes = sink.getvalue().to_pybytes()
    return content


def decode(content: bytes, *, outcome_only: bool = False) -> DayProfile:
    """Read a profile back.

    Args:
        content: As it was written.
        outcome_only: Whether columns and service are left out.

    Raises:
        DataError: If it was written by a newer format than this one.
    """
    with pa.ipc.open_stream(content) as reader:
        plain = json.loads(reader.schema.metadata[METADATA])
        if plain["format"] != FORMAT:
            msg = (
                f"profile format {plain['format']} is not known; this Daywatch reads "
                f"{FORMAT}"
            )
            raise DataError(msg)
        parts = _parts(reader.read_all())
    columns = {} if outcome_only else plain["columns"]
    service = None if outcome_only else plain["service"]
    return DayProfile(
        model=plain["model"],
        day=date.fromisoformat(plain["day"]),
        version=plain["version"],
        segment=plain["segment"],
        rows=plain["rows"],
        labelled=plain["labelled"],
        columns={n: _column(n, c, parts) for n, c in columns.items()},
        outcome=_outcome(plain["outcome"], plain["classes"], parts.get(("cells", ""))),
        service=service
        and ServiceCounts(
            **{k: v for k, v in service.items() if k != "kind"},
            latency=parts["latency", ""].by_bin,
        ),
    )


def _numbers(counts: ColumnCounts | Outcome | ServiceCounts) -> dict[str, Any]:
    """Return the fields that are no part of their own, and the kind of counts."""
    names = (part.name for part in fields(counts) if part.name not in MAPPINGS)
    return {name: getattr(counts, name) for name in names} | {
        "kind": type(counts).__name__
    }


def _column_parts(name: str, counts: ColumnCounts) -> list[Part]:
    if isinstance(counts, CategoricalCounts):
        texts, rows = list(counts.counts), list(counts.counts.values())
        return [{"part": "counts", "column": name, "texts": texts, "rows": rows}]
    return [
        _binned("coarse", name, counts.coarse),
        _binned("fine", name, counts.fine),
    ]


def _binned(part: str, column: str, rows: Mapping[int, int]) -> Part:
    counts = BinCounts.of(rows)
    return {"part": part, "column": column, "bins": counts.bins, "rows": counts.rows}


def _outcome_part(outcome: Outcome) -> tuple[list[Part], list[str]]:
    """Return the cells of an outcome, and the names of the classes they number."""
    match outcome:
        case BinaryOutcome():
            counted, sums = _aligned(outcome)
            part: dict[str, Any] = {
                "bins": counted.cells[:, 0],
                "predicted": counted.cells[:, 1],
                "labels": counted.cells[:, 2],
                "rows": counted.counted.astype(np.int64),
                "score_sums": sums.counted.astype(np.float64),
            }
            classes: list[str] = []
        case MulticlassOutcome():
            names = {n for cell in outcome.cells for n in cell if n is not None}
            classes = sorted(names)
            codes: dict[str | None, int] = {n: i for i, n in enumerate(classes)}
            codes[None] = UNKNOWN_LABEL
            part = {
                "predicted": [codes[predicted] for predicted, _ in outcome.cells],
                "labels": [codes[label] for _, label in outcome.cells],
                "rows": list(outcome.cells.values()),
            }
        case RegressionOutcome():
            return [], []
        case _:
            assert_never(outcome)
    return [{"part": "cells", "column": "", **part}], classes


def _aligned(outcome: BinaryOutcome) -> tuple[CellCounts[int], CellCounts[float]]:
    """Return rows and sums of scores by the same cells in the same order."""
    counted, sums = CellCounts.of(outcome.cells), CellCounts.of(outcome.score_sums)
    if np.array_equal(counted.cells, sums.cells):
        return counted, sums
    every = {cell: outcome.score_sums.get(cell, 0.0) for cell in outcome.cells}
    return counted, CellCounts.of(every)


def _batch(parts: list[Part]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [
            pa.array([part.get(name) for part in parts], kind)
            for name, kind in zip(SCHEMA.names, SCHEMA.types, strict=True)
        ],
        names=SCHEMA.names,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A row of the table, its lists read when they are asked for."""

    row: Mapping[str, pa.Scalar]

    def of(self, name: str) -> list[Any]:
        values = self.row[name].values
        return [] if values is None else values.to_pylist()

    def array(self, name: str, kind: type[np.generic]) -> np.ndarray:
        values = self.row[name].values
        return np.array([] if values is None else values.to_numpy(), dtype=kind)

    @property
    def by_bin(self) -> dict[int, int]:
        return dict(zip(self.of("bins"), self.of("rows"), strict=True))


def _parts(table: pa.Table) -> dict[tuple[str, str], _Part]:
    columns = {name: table.column(name) for name in table.column_names}
    return {
        (part, column): _Part({name: c[at] for name, c in columns.items()})
        for at, (part, column) in enumerate(
            zip(
                columns["part"].to_pylist(),
                columns["column"].to_pylist(),
                strict=True,
            )
        )
    }


def _column(
    name: str, numbers: dict[str, Any], parts: Mapping[tuple[str, str], _Part]
) -> ColumnCounts:
    kind = numbers.pop("kind")
    if kind == CategoricalCounts.__name__:
        part = parts["counts", name]
        counts = dict(zip(part.of("texts"), part.of("rows"), strict=True))
        return CategoricalCounts(**numbers, counts=counts)
    coarse, fine = parts["coarse", name], parts["fine", name]
    in_fine = BinCounts(fine.array("bins", np.int64), fine.array("rows", np.int64))
    return ContinuousCounts(**numbers, coarse=coarse.by_bin, fine=in_fine)


def _outcome(
    numbers: dict[str, Any], classes: list[str], part: _Part | None
) -> Outcome:
    kind = numbers.pop("kind")
    if part is None:
        return RegressionOutcome(**numbers)
    if kind == BinaryOutcome.__name__:
        names_of = ("bins", "predicted", "labels")
        cells = np.column_stack([part.array(name, np.int64) for name in names_of])
        return BinaryOutcome(
            **numbers,
            cells=CellCounts[int](cells, part.array("rows", np.int64)),
            score_sums=CellCounts[float](cells, part.array("score_sums", np.float64)),
        )
    predicted, labels, rows = part.of("predicted"), part.of("labels"), part.of("rows")
    names: list[str | None] = [*classes, None]  # -1 is the last one
    return MulticlassOutcome(
        cells={
            (classes[p], names[label]): n
            for p, label, n in zip(predicted, labels, rows, strict=True)
        }
    )
