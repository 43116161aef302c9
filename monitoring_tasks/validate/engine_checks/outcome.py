"""How an expectation fared, whoever counted it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import starmap

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.validate.engine_checks.batch import Column

MOST_ROWS = 20
"""Failing rows that are named; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an expectation fared.

    Attributes:
        holds: Whether the rows are as expected.
        observed: The statistic, where the expectation is about one.
        failing_values: Values of the first failing rows; None for a statistic.
        failing_rows: How many rows, or values, are not as expected.
        positions: Of the first failing rows, from 0.
        error: Why it could not be evaluated; empty when it could.
    """

    holds: bool
    observed: object = None
    failing_values: tuple[object, ...] | None = None
    failing_rows: int = 0
    positions: tuple[int, ...] = ()
    error: str = ""


def of_rows(
    unmet: pa.ChunkedArray,
    columns: Sequence[Column],
    *,
    considered: int,
    mostly: float,
    show: Callable[..., object] = lambda value: value,
) -> Outcome:
    """Return how rows fared of which each is as expected or not.

    Args:
        unmet: True on rows that are not as expected; null and false on others.
        columns: What a failing row is shown by.
        considered: How many rows the expectation speaks of.
        mostly: Share of them, 0 to 1, that has to be as expected.
        show: Makes one of the values of a row.
    """
    failing = pc.sum(unmet).as_py() or 0
    # As Great Expectations reckons it: rounding must not tip a share over.
    if not considered or (considered - failing) / considered >= mostly:
        return Outcome(holds=True, failing_values=(), failing_rows=failing)
    first = pc.indices_nonzero(unmet)[:MOST_ROWS]
    shown = [column.values.take(first).to_pylist() for column in columns]
    return Outcome(
        holds=False,
        failing_values=tuple(starmap(show, zip(*shown, strict=True))),
        failing_rows=failing,
        positions=tuple(first.to_pylist()),
    )


def unmet_where(column: Column, met: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the rows with a value that is not as expected.

    Args:
        column: The column.
        met: True on rows that are as expected; of any truth on rows without a value.
    """
    unmet = pc.invert(met)
    return pc.and_(unmet, column.values.is_valid()) if column.missing else unmet
