"""A day's rows in memory, as the gates ask about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.domain.counts import LARGEST
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.texts import quoted_text
from monitoring_tasks.validate.gates.day_rows import FailingRows
from monitoring_tasks.validate.suites.expectations import failing_ids, run_statements
from monitoring_tasks.validate.suites.statements import Statement


@dataclass(frozen=True)
class TableRows:
    """All rows of a day; see `DayRows`.

    Attributes:
        table: The rows. Not modified.
    """

    table: pa.Table

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(self.table.num_rows)

    def times(self, name: str) -> int:
        """Return how many columns have a name."""
        return int(self.table.column_names.count(name))

    def kind(self, name: str) -> pa.DataType:
        """Return the type of a column's values."""
        kind = self.table.column(name).type
        return kind.value_type if pa.types.is_dictionary(kind) else kind

    def missing(self, name: str) -> int:
        """Return how many rows lack a value."""
        return int(pc.sum(_is_missing(self.table.column(name))).as_py() or 0)

    def unreadable(self, name: str, holds: Holds, *, ids: str | None) -> FailingRows:
        """Return the texts that are no numbers or instants; one of them in short."""
        kind = self.kind(name)
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            return FailingRows()
        # pandas reads with a remainder; an Arrow cast fails as a whole, naming no row.
        values = self.table.column(name).cast(pa.string()).to_pandas()
        if holds is Holds.NUMBERS:
            read = pd.to_numeric(values, errors="coerce")
        elif holds is Holds.TIMESTAMPS:
            read = pd.to_datetime(values, errors="coerce", format="ISO8601", utc=True)
        else:
            return FailingRows()
        unread = (read.isna() & values.notna()).to_numpy().nonzero()[0].tolist()
        if not unread:
            mixed = "; with and without an offset" if holds is Holds.TIMESTAMPS else ""
            return FailingRows(example=mixed)
        example = f", such as {quoted_text(values.iloc[unread[0]])}"
        return FailingRows(
            count=len(unread), ids=self._ids_at(unread, ids), example=example
        )

    def without_value(
        self, spared: Mapping[str, str | None], *, ids: str | None
    ) -> dict[str, FailingRows]:
        """Return of each column the rows without a value that need one."""
        failing = {}
        for name, flags in spared.items():
            is_missing = _is_missing(self.table.column(name))
            if flags is not None:
                is_spared = self.table.column(flags).cast(pa.bool_())
                is_missing = pc.and_not(
                    is_missing, pc.fill_null(is_spared, fill_value=False)
                )
            failing[name] = self._where(is_missing, ids)
        return failing

    def beyond_all_sums(
        self, names: Iterable[str], *, ids: str | None
    ) -> dict[str, FailingRows]:
        """Return of each column the numbers too large to be added up."""
        failing = {}
        for name in names:
            column = self.table.column(name)
            if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
                sizes = pc.abs(column.cast(pa.float64()))
                # Infinite counts as no value everywhere.
                is_beyond = pc.and_(pc.greater(sizes, LARGEST), pc.is_finite(sizes))
                failing[name] = self._where(is_beyond, ids)
        return failing

    def different(self, name: str) -> int:
        """Return how many different values a column has."""
        return int(
            pc.count_distinct(self.table.column(name), mode="only_valid").as_py()
        )

    def check_statements(
        self,
        statements: Sequence[Statement],
        *,
        ids: str | None,
        as_text: frozenset[str],
    ) -> list[Check]:
        """Hold statements against the rows."""
        return run_statements(self.table, statements, id_column=ids, as_text=as_text)

    def _where(self, mark: pa.ChunkedArray, ids: str | None) -> FailingRows:
        positions = pc.indices_nonzero(pc.fill_null(mark, fill_value=False)).to_pylist()
        return FailingRows(count=len(positions), ids=self._ids_at(positions, ids))

    def _ids_at(self, positions: Sequence[int], ids: str | None) -> tuple[str, ...]:
        return failing_ids(self.table.column(ids) if ids else None, positions)


def _is_missing(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.is_null(column, nan_is_null=True)
