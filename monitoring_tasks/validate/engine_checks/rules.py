"""A rule: how one type of expectation is read and counted."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitoring_tasks.validate.engine_checks.counting import Batch, Column, Kind
from monitoring_tasks.validate.engine_checks.kwargs import (
    COLUMN,
    MOSTLY,
    Kwargs,
    Reader,
    bounds,
)
from monitoring_tasks.validate.engine_checks.outcome import Outcome

Count = Callable[[Batch[Any], Kwargs], Any]
"""Returns what the batch answers; raises `NotCountedError` where it counts nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one type of expectation is read and counted.

    Attributes:
        kwargs: Argument -> its reader; others are not read.
        count: Counts it.
        required: Arguments without which nothing is expected.
        agrees: Whether the arguments go together.
    """

    kwargs: Mapping[str, Reader]
    count: Count
    required: frozenset[str] = frozenset()
    agrees: Callable[[Kwargs], bool] = lambda _: True

    def read(self, kwargs: Kwargs) -> dict[str, Any] | None:
        """Return the arguments as they are counted with; None unless all is read."""
        if kwargs.keys() - self.kwargs.keys() or self.required - kwargs.keys():
            return None
        try:
            read = {key: self.kwargs[key](value) for key, value in kwargs.items()}
        except (OverflowError, TypeError, ValueError):
            return None
        return read if self.agrees(read) else None


def value_rule(count: Count, required: Iterable[str] = (), **readers: Reader) -> Rule:
    """Return a rule of a column's values, which `mostly` may soften.

    Args:
        count: Counts it.
        required: Arguments that have to be there beside the column.
        readers: Argument -> its reader.
    """
    return Rule(
        kwargs={**COLUMN, **MOSTLY, **readers},
        required=frozenset({"column", *required}),
        count=count,
    )


def statistic_rule(count: Count, reader: Reader) -> Rule:
    """Return a rule of a column's statistic, between two bounds.

    Args:
        count: Counts it.
        reader: Of the bounds.
    """
    return Rule(
        kwargs={**COLUMN, **bounds(reader)}, required=frozenset(COLUMN), count=count
    )


def lies_between(value: Any, kwargs: Kwargs) -> bool:  # noqa: ANN401 (what compares)
    """Whether a value lies between the bounds.

    Args:
        value: A number or an instant.
        kwargs: Holds `min_value` and `max_value`, and whether they are strict.
    """
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    above = (
        low is None or value > low or (value == low and not kwargs.get("strict_min"))
    )
    below = (
        high is None or value < high or (value == high and not kwargs.get("strict_max"))
    )
    return bool(above and below)


def statistic_between(value: Any, kwargs: Kwargs) -> Outcome:  # noqa: ANN401 (compares)
    """Return how a statistic fared; none at all lies nowhere.

    Args:
        value: The statistic; None or not-a-number where there is none.
        kwargs: The bounds.
    """
    if value is None or value != value:  # noqa: PLR0124 (true of not-a-number alone)
        return Outcome(holds=False)
    return Outcome(holds=lies_between(value, kwargs), observed=value)


def are_comparable(column: Column, kwargs: Kwargs) -> bool:
    """Whether the bounds are of the kind of the column's values.

    Args:
        column: The column.
        kwargs: The bounds, numbers or instants.
    """
    ends = (kwargs.get("min_value"), kwargs.get("max_value"))
    instants = [end for end in ends if isinstance(end, datetime)]
    if column.kind in {Kind.NUMBER, Kind.SINGLE}:
        return not instants
    with_zone = [end.tzinfo is not None for end in instants]
    return (
        column.kind is Kind.INSTANT
        and len(instants) == len([end for end in ends if end is not None])
        and all(zone == bool(column.type.tz) for zone in with_zone)
    )
