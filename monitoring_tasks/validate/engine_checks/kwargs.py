"""What an expectation may be told, to the letter; anything else is not read here."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeAlias

Kwargs: TypeAlias = Mapping[str, Any]
Reader: TypeAlias = Callable[[Any], Any]
"""Returns the value as it is counted with, or raises TypeError or ValueError."""
LARGEST = 2**53
INSTANT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?", re.ASCII
)


def number(value: object) -> float:
    """Return a finite number, as a float: bounds are shown with six digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    if not math.isfinite(value) or (isinstance(value, int) and abs(value) > LARGEST):
        raise ValueError(value)
    return float(value)


def whole(value: object) -> int:
    """Return a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def share(value: object) -> float:
    """Return a number from 0 to 1."""
    read = number(value)
    if not 0 <= read <= 1:
        raise ValueError(value)
    return read


def flag(value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def text(value: object) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError(value)
    return value


def regex(value: object) -> str:
    """Return a regular expression of Python."""
    try:
        re.compile(text(value))
    except re.error as error:
        raise ValueError(value) from error
    return text(value)


def number_or_instant(value: object) -> float | datetime:
    """Return a number, or an instant written out with `T`, to the second at least."""
    if isinstance(value, str) and INSTANT.fullmatch(value):
        return datetime.fromisoformat(value)
    return number(value)


def scalar(value: object) -> str | float | bool:
    """Return a text, a number or a flag as it is."""
    if isinstance(value, str | bool):
        return value
    number(value)
    return value  # type: ignore[return-value]


def either(*words: str) -> Reader:
    """Return a reader of these words alone."""

    def read(value: object) -> str:
        if value not in words:
            raise ValueError(value)
        return str(value)

    return read


def optional(reader: Reader) -> Reader:
    """Return a reader that lets null be."""
    return lambda value: None if value is None else reader(value)


def list_of(reader: Reader, *, at_least: int = 0) -> Reader:
    """Return a reader of lists.

    Args:
        reader: Reads each of the values.
        at_least: How many there have to be.
    """

    def read(values: object) -> list[Any]:
        if not isinstance(values, list) or len(values) < at_least:
            raise ValueError(values)
        return [reader(value) for value in values]

    return read


def quantile_ranges(value: object) -> dict[str, list[Any]]:
    """Return quantiles, 0 to 1, and the range each has to lie in."""
    if not isinstance(value, dict) or set(value) != {"quantiles", "value_ranges"}:
        raise ValueError(value)
    quantiles = list_of(share)(value["quantiles"])
    ranges = list_of(list_of(optional(number), at_least=2))(value["value_ranges"])
    for pair in ranges:
        ends = [end for end in pair if end is not None]
        if len(pair) != len(("low", "high")) or ends != sorted(ends):
            raise ValueError(value)
    if len(quantiles) != len(ranges):
        raise ValueError(value)
    return {"quantiles": quantiles, "value_ranges": ranges}


COLUMN: Mapping[str, Reader] = MappingProxyType({"column": text})
MOSTLY: Mapping[str, Reader] = MappingProxyType({"mostly": share})


def bounds(reader: Reader) -> dict[str, Reader]:
    """Return the readers of two bounds and whether they are strict."""
    return {
        "min_value": optional(reader),
        "max_value": optional(reader),
        "strict_min": flag,
        "strict_max": flag,
    }


def is_bounded(kwargs: Kwargs) -> bool:
    """Whether there is a bound at all."""
    return kwargs.get("min_value") is not None or kwargs.get("max_value") is not None
