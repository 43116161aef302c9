"""How an expectation fared, whoever counted it."""

from collections.abc import Callable
from dataclasses import dataclass

from monitoring_tasks.validate.engine_checks.kwargs import Kwargs

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


def of_failing(failing: int, considered: int, kwargs: Kwargs) -> Outcome:
    """Return how rows fared by how many failed; which ones is not said.

    Args:
        failing: Rows that are not as expected.
        considered: Rows the expectation speaks of.
        kwargs: Says which share of them has to be as expected; by default all.
    """
    mostly = kwargs.get("mostly", 1.0)
    # As Great Expectations reckons it: rounding must not tip a share over.
    holds = not considered or (considered - failing) / considered >= mostly
    return Outcome(holds=holds, failing_values=(), failing_rows=failing)


def shown_by(kwargs: Kwargs) -> Callable[..., object]:
    """Return what makes one value of the values of a row, as an expectation has it."""
    names = kwargs.get("column_list")
    if names is not None:
        return lambda *row: dict(zip(names, row, strict=True))
    return (lambda *row: row) if "column_A" in kwargs else (lambda value: value)
