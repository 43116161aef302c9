"""Rows of an engine grouped by keys that may be as many as the rows: ids above all.

DuckDB keeps a group a key, in all the memory it may use, and gives up where what it
puts on disk does not fit either. So many keys are written to files first, in parts by
their hash: equal keys lie in one part, what is counted of parts adds up, and one part
at a time is in memory. Each key is written and read once, however many there are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa

GROUPS_A_PART = 4_000_000
"""So many groups are held at a time: some 350 MB."""
ROWS_A_THREAD = 16_384
"""Rows of all parts a thread holds before it writes them; by default 32 times as many,
and each of its parts holds memory for more than it has."""
STORED = (dt.String, dt.Boolean, dt.Integer, dt.Floating, dt.Date, dt.Timestamp)
"""Types of keys that a file gives back as they were."""
COUNT, PART = "n", "part"
Numbers = Callable[[ir.Table], Mapping[str, ir.Scalar]]
"""From groups, their keys and `COUNT`, to numbers that add up over parts of them."""


@ibis.udf.scalar.builtin(name="hash")  # type: ignore[untyped-decorator]
def _hash(before, value) -> dt.uint64:  # type: ignore[no-untyped-def]  # noqa: ANN001 (of any type)
    """DuckDB's hash of two values; null has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyGroups:
    """Rows by their keys; nulls are alike.

    Attributes:
        rows: The rows.
        keys: Their columns they are grouped by.
        most: So many groups are held at a time.
    """

    rows: ir.Table
    keys: Sequence[str]
    most: int = GROUPS_A_PART

    def added_up(self, numbers: Numbers) -> dict[str, int]:
        """Return numbers of all groups.

        Args:
            numbers: Sums and counts of groups.
        """
        totals: dict[str, int] = {}
        with self._parts(self._parts_needed) as parts:
            for part in parts:
                answer = part.aggregate(**numbers(part)).to_pyarrow().to_pylist()[0]
                for name, number in answer.items():
                    totals[name] = totals.get(name, 0) + (number or 0)
        return totals

    def first(
        self, wanted: Callable[[ir.Table], ir.BooleanValue], most: int
    ) -> ir.Table:
        """Return the first wanted groups in the order of their keys, nulls last.

        Args:
            wanted: From groups to which of them are wanted.
            most: How many at most.
        """
        order = [ibis.asc(key, nulls_first=False) for key in self.keys]

        def first_of(groups: ir.Table) -> ir.Table:
            return groups.filter(wanted(groups)).order_by(order).limit(most)

        count = self._parts_needed
        whole = _groups(self.rows, self.keys)
        if count == 1:
            return first_of(whole)
        with self._parts(count) as parts:
            firsts = [first_of(part).to_pyarrow() for part in parts]
        together = ibis.memtable(pa.concat_tables(firsts), schema=whole.schema())
        return together.order_by(order).limit(most)

    @contextmanager
    def _parts(self, count: int) -> Iterator[Iterator[ir.Table]]:
        """Open the groups in parts, one after the other; none is in two of them."""
        rows = self.rows.select(*self.keys)
        if count == 1:
            yield iter([_groups(rows, self.keys)])
            return
        with TemporaryDirectory(prefix="daywatch-keys-") as folder:
            _write_parts(self, Path(folder), count)
            read = ibis.get_backend(rows).read_parquet
            # Of a part that no key fell in there is no folder.
            names = sorted(path.name for path in Path(folder).iterdir())
            yield (
                _groups(read(f"{folder}/{name}/*.parquet", table_name=name), self.keys)
                for name in names
            )

    @property
    def _parts_needed(self) -> int:
        """How many parts there have to be, none of them with too many groups."""
        rows = self.rows
        is_stored = all(isinstance(rows[key].type(), STORED) for key in self.keys)
        if ibis.get_backend(rows).name != "duckdb" or not is_stored:
            return 1
        asked = {"n": rows.count(), "groups": self.hashes.approx_nunique()}
        (answer,) = rows.aggregate(**asked).to_pyarrow().to_pylist()
        groups: int = min(answer["n"], answer["groups"])
        return max(1, -(-groups // self.most))

    @property
    def hashes(self) -> ir.IntegerColumn:
        """A number a row, the same for the same keys."""
        return reduce(_hash, (self.rows[key] for key in self.keys), ibis.literal(0))


def _groups(rows: ir.Table, keys: Sequence[str]) -> ir.Table:
    return rows.group_by([*keys]).aggregate(**{COUNT: rows.count()})


def _write_parts(groups: KeyGroups, folder: Path, count: int) -> None:
    """Write the keys of rows in parts, a folder each."""
    rows = groups.rows
    engine = ibis.get_backend(rows)
    parted = rows.select(*groups.keys, **{PART: groups.hashes % count})
    engine.raw_sql(f"SET partitioned_write_flush_threshold = {ROWS_A_THREAD}")
    path = str(folder).replace("'", "''")
    options = f"FORMAT parquet, PARTITION_BY ({PART}), OVERWRITE_OR_IGNORE"
    engine.raw_sql(f"COPY ({ibis.to_sql(parted)}) TO '{path}' ({options})")
