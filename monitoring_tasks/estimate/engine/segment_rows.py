"""The rows of a version in an engine, with the segments each falls in as keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.engine.grouping_sets import Keys, count_by
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.engine.values import text_of
from monitoring_tasks.estimate.segment_tally import UNKNOWN
from monitoring_tasks.rows.names import ALL

Kept = Mapping[str, Sequence[str]]
"""Key -> its values that are counted by name; a key it lacks has all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRows:
    """The rows of one version, and how they are split.

    Attributes:
        rows: The rows.
        keys: Key of ours -> the column it is made of, by its own name.
        kept: Which segments are counted by name.
    """

    rows: EngineRows
    keys: Mapping[str, str]
    kept: Kept

    def table(self, columns: Mapping[str, ir.Value]) -> ir.Table:
        """Return the rows with the keys of their segments and some columns.

        Args:
            columns: Made of the rows' own columns.
        """
        names = self.rows.names
        table = self.rows.table
        segments = {
            key: self._limited(key, text_of(table[names[own]]).fill_null(UNKNOWN))
            for key, own in self.keys.items()
        }
        return table.select(**segments, **columns)

    def _limited(self, key: str, segment: ir.StringValue) -> ir.StringValue:
        if key not in self.kept:
            return segment
        kept = [*self.kept[key]]
        # Not null: that would look like another grouping. What it is called is no
        # matter, as long as no segment that is kept is called so.
        rest = "rest"
        while rest in kept:
            rest += "_"
        return segment.isin(kept).ifelse(segment, rest) if kept else ibis.literal(rest)

    def sets(self, whole: Keys, part: Keys | None = None) -> list[Keys]:
        """Return the groupings of the whole day, and by the segments of each column.

        Args:
            whole: What is counted by for the whole day.
            part: The same for segments; `whole` unless given.
        """
        part = whole if part is None else part
        return [whole, *((key, *part) for key in self.keys)]

    def read(
        self,
        table: ir.Table,
        sets: Sequence[Keys],
        metrics: Mapping[str, ir.Scalar] | None = None,
    ) -> dict[str, pa.Table]:
        """Count rows by several groupings; return the answers by segment.

        Args:
            table: As `table` returns it.
            sets: Groupings, as `sets` returns them.
            metrics: What is reckoned beside `n`, the rows.
        """
        return self.by_segment(count_by(table, sets, metrics or {}))

    def by_segment(self, answer: pa.Table) -> dict[str, pa.Table]:
        """Return the rows of an answer by segment: `all`, or `column=value`."""
        rest = answer
        answers: dict[str, pa.Table] = {}
        for key, own in self.keys.items():
            is_split = pc.is_valid(answer[key])
            of_key = answer.filter(is_split)
            if key in self.kept:
                kept = pa.array([*self.kept[key]], pa.string())
                of_key = of_key.filter(pc.is_in(of_key[key], value_set=kept))
            answers |= {f"{own}={v}": part for v, part in _parts(of_key, key)}
            rest = rest.filter(pc.is_null(rest[key]))
        return {ALL: rest, **answers}


def _parts(answer: pa.Table, key: str) -> list[tuple[str, pa.Table]]:
    """Return the rows of each value of a key."""
    coded = answer[key].combine_chunks().dictionary_encode()
    codes = coded.indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    ordered = answer.take(pa.array(order))
    edges = np.searchsorted(codes[order], np.arange(len(coded.dictionary) + 1))
    return [
        (value, ordered.slice(start, end - start))
        for value, start, end in zip(
            coded.dictionary.to_pylist(), edges[:-1], edges[1:], strict=True
        )
    ]
