"""One value per row in memory, with the operators Ibis has for columns of an engine."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


class Cells:
    """One value per row; null beside null is null.

    Compared and added with other cells of as many rows, or with one value.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, array: pa.ChunkedArray) -> None:
        self.array = array

    def __eq__(self, other: object) -> "Cells":  # type: ignore[override]
        return self._with(pc.equal, other)

    def __lt__(self, other: object) -> "Cells":
        return self._with(pc.less, other)

    def __le__(self, other: object) -> "Cells":
        return self._with(pc.less_equal, other)

    def __gt__(self, other: object) -> "Cells":
        return self._with(pc.greater, other)

    def __ge__(self, other: object) -> "Cells":
        return self._with(pc.greater_equal, other)

    def __add__(self, other: object) -> "Cells":
        return self._with(pc.add, other)

    def __and__(self, other: object) -> "Cells":
        return self._with(pc.and_, other)

    def __or__(self, other: object) -> "Cells":
        return self._with(pc.or_, other)

    def __invert__(self) -> "Cells":
        return Cells(pc.invert(self.array))

    def _with(self, function: Callable[..., Any], other: object) -> "Cells":
        beside = other.array if isinstance(other, Cells) else pa.scalar(other)
        return Cells(function(self.array, beside))
