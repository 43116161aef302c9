"""What can be seen of columns without knowing what they mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LOOKED_AT = 200
"""Texts that are looked at to see whether a column holds instants."""
MOST_VALUES = 30
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?")


class Kind(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"
    INSTANT = "instant"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """What can be seen of a column.

    Attributes:
        name: Its name.
        kind: What it holds.
        rows: Rows looked at.
        nulls: Rows without a value.
        distinct: Different values.
        low: Smallest number; None where there is none.
        high: Largest number.
        is_whole: Whether all numbers are whole.
        values: All its values as text, sorted, where they are `MOST_VALUES` or fewer.
        zone: The time zone its type names; empty for instants without one.
    """

    name: str
    kind: Kind
    rows: int
    nulls: int
    distinct: int
    low: float | None = None
    high: float | None = None
    is_whole: bool = False
    values: tuple[str, ...] = ()
    zone: str = ""

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value of its own."""
        return self.rows > 1 and not self.nulls and self.distinct == self.rows

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its name, in small letters."""
        return words_of(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A value of the contract that nobody stated, and what it was taken from.

    Attributes:
        value: What is guessed; None where nothing could be.
        why: From what.
        is_sure: Whether the rows or the registry leave no other choice.
    """

    value: Any
    why: str
    is_sure: bool = False


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, in small letters.

    >>> words_of("modelVersion"), words_of("subject_race")
    (('model', 'version'), ('subject', 'race'))
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return tuple(word for word in re.split(r"[^a-zA-Z0-9]+", parted.lower()) if word)


def describe(table: pa.Table) -> dict[str, ColumnFacts]:
    """Return what can be seen of each column of some rows, in their order."""
    return {name: _facts(name, table.column(name)) for name in table.column_names}


def texts_of(column: pa.ChunkedArray) -> list[str]:
    """Return the values of a column as texts, nulls left out; whole floats as whole."""
    plain = column.drop_null()
    # Whole numbers of which some lack are doubles: the id of 7.0 is 7.
    if pa.types.is_floating(plain.type):
        return [f"{value:.15g}" for value in plain.to_pylist()]
    return [str(value) for value in plain.to_pylist()]


def _facts(name: str, column: pa.ChunkedArray) -> ColumnFacts:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = _kind(column)
    if kind is Kind.NUMBER:
        # Digits that are lost this way change neither range nor kind.
        column = column.cast(pa.float64(), safe=False)
    nulls = int(pc.sum(pc.is_null(column, nan_is_null=True)).as_py() or 0)
    attributes: dict[str, Any] = {
        "name": name, "kind": kind, "rows": len(column), "nulls": nulls,
    }  # fmt: skip
    if kind is Kind.OTHER:
        return ColumnFacts(distinct=0, **attributes)
    distinct = pc.unique(column.filter(pc.invert(pc.is_null(column, nan_is_null=True))))
    attributes["distinct"] = len(distinct)
    if len(distinct) <= MOST_VALUES:
        attributes["values"] = tuple(sorted(texts_of(pa.chunked_array([distinct]))))
    if kind is Kind.INSTANT and pa.types.is_timestamp(column.type):
        attributes["zone"] = column.type.tz or ""
    if kind is not Kind.NUMBER or not len(distinct):
        return ColumnFacts(**attributes)
    numbers = distinct.to_numpy(zero_copy_only=False)
    # Infinite values would leave no range to tell a score or a code by.
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return ColumnFacts(**attributes)
    return ColumnFacts(
        low=float(numbers.min()),
        high=float(numbers.max()),
        is_whole=bool(np.array_equal(numbers, np.rint(numbers))),
        **attributes,
    )


def _kind(column: pa.ChunkedArray) -> Kind:
    of = column.type
    if pa.types.is_boolean(of):
        return Kind.FLAG
    if pa.types.is_timestamp(of) or pa.types.is_date(of):
        return Kind.INSTANT
    if pa.types.is_integer(of) or pa.types.is_floating(of) or pa.types.is_decimal(of):
        return Kind.NUMBER
    if pa.types.is_string(of) or pa.types.is_large_string(of):
        texts = column.drop_null()[:LOOKED_AT].to_pylist()
        is_instant = bool(texts) and all(_INSTANT.fullmatch(text) for text in texts)
        return Kind.INSTANT if is_instant else Kind.TEXT
    return Kind.OTHER


def as_numbers(facts: Mapping[str, ColumnFacts]) -> list[ColumnFacts]:
    """Return the columns that hold numbers."""
    return [column for column in facts.values() if column.kind is Kind.NUMBER]
