"""The rows of a version in an engine, with the segments each falls in as keys."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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
from monitoring_tasks.statistics.arrays import Codes

Kept = Mapping[str, Sequence[str]]
"""Key -> its values that are counted by name; a key it lacks has all of them."""
Values = Mapping[str, Sequence[str]]
"""Key -> all values it has, those that are not counted by name as one."""
Cells = dict[tuple[str, str], pa.Table]
"""Segment and column -> its cells: a row each, and `n`."""
JOINT = "joint"
"""The number of a combination of segments, one of each column."""
MOST_JOINT = 64
"""So many combinations at most are counted in place of segments of one column each."""
MOST_TOLD_APART = 24
"""So many values of all columns at most: each is compared with, row by row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRows:
    """The rows of one version, and how they are split.

    Attributes:
        rows: The rows.
        keys: Key of ours -> the column it is made of, by its own name.
        kept: Which segments are counted by name.
        values: All values of each key; empty while they are not known.
    """

    rows: EngineRows
    keys: Mapping[str, str]
    kept: Kept
    values: Values = field(default_factory=dict)

    @property
    def split_by(self) -> tuple[str, ...]:
        """The columns of `table` that say which segments a row falls in."""
        return (JOINT,) if self.is_joint else (*self.keys,)

    @property
    def is_joint(self) -> bool:
        """Whether combinations of segments are counted, and added up here: if few."""
        sizes = [len(of_key) for of_key in self.values.values()]
        is_few = math.prod(sizes) <= MOST_JOINT and sum(sizes) <= MOST_TOLD_APART
        return is_few and bool(sizes) and all(sizes)

    @property
    def most_parts(self) -> int:
        """Into how many parts a grouping by segments splits rows at most."""
        sizes = [len(of_key) for of_key in self.values.values()]
        return math.prod(sizes) if self.is_joint else max([1, *sizes])

    def is_counted_by_name(self, segment: str) -> bool:
        """Return whether a segment is counted by name, as all rows are.

        Args:
            segment: `all`, or `column=value`.
        """
        for key, own in self.keys.items():
            if segment.startswith(f"{own}="):
                value = segment.removeprefix(f"{own}=")
                return key not in self.kept or value in self.kept[key]
        return segment == ALL

    def table(self, columns: Mapping[str, ir.Value]) -> ir.Table:
        """Return the rows with the keys of their segments and some columns.

        Args:
            columns: Made of the rows' own columns.
        """
        names = self.rows.names
        table = self.rows.table
        segments = {
            key: text_of(table[names[own]]).fill_null(UNKNOWN)
            for key, own in self.keys.items()
        }
        if self.is_joint:
            return table.select(**{JOINT: self._combination(segments)}, **columns)
        limited = {key: self._limited(key, value) for key, value in segments.items()}
        return table.select(**limited, **columns)

    def _combination(self, segments: Mapping[str, ir.StringValue]) -> ir.IntegerValue:
        """Number the combination of segments, as digits of a number."""
        joint: ir.IntegerValue = ibis.literal(0, "int64")
        for key, values in self.values.items():
            *others, last = range(len(values))
            cases = [(values[digit], digit) for digit in others]
            digit = segments[key].cases(*cases, else_=last) if cases else last
            joint = joint * len(values) + digit
        return joint

    def _limited(self, key: str, segment: ir.StringValue) -> ir.StringValue:
        if key not in self.kept:
            return segment
        kept, rest = [*self.kept[key]], rest_of(self.kept[key])
        return segment.isin(kept).ifelse(segment, rest) if kept else ibis.literal(rest)

    def sets(self, whole: Keys, part: Keys | None = None) -> list[Keys]:
        """Return the groupings of the whole day, and by the segments of each column.

        Args:
            whole: What is counted by for the whole day.
            part: The same for segments, some of them; `whole` unless given.
        """
        part = whole if part is None else part
        if not self.is_joint:
            return [whole, *((key, *part) for key in self.keys)]
        # What is counted by combination is known of the whole day as well.
        beyond = tuple(key for key in whole if key not in part)
        return [(JOINT, *part), *([beyond] if beyond else [])]

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
            metrics: What is reckoned beside `n`, the rows: sums and counts.
        """
        answer = count_by(table, sets, metrics or {})
        return self.by_segment(self._added_up(answer, metrics or {}))

    def _added_up(self, answer: pa.Table, metrics: Iterable[str]) -> pa.Table:
        """Return an answer by combinations as one by the segments of each column."""
        if not self.is_joint:
            return answer
        sums = ["n", *metrics]
        by = [n for n in answer.column_names if n not in {JOINT, *sums}]
        joint = answer.filter(pc.is_valid(answer[JOINT]))
        digits = _digits(joint[JOINT].to_numpy(), self.values)
        parts = [answer.filter(pc.is_null(answer[JOINT]))]
        for key in (None, *self.keys):
            split = joint
            if key is not None:
                values = pa.array([*self.values[key]], pa.string())
                split = joint.append_column(key, values.take(pa.array(digits[key])))
            groups = [*by, *([key] if key is not None else [])]
            added = split.group_by(groups).aggregate([(name, "sum") for name in sums])
            names = [name.removesuffix("_sum") for name in added.column_names]
            parts.append(added.rename_columns(names))
        return pa.concat_tables(parts, promote_options="permissive")

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


def values_by_key(
    segments: Iterable[str], keys: Mapping[str, str], kept: Kept
) -> Values:
    """Return all values of each key, those that are not counted by name as one.

    Args:
        segments: All segments there are, `column=value`.
        keys: Key of ours -> the column it is made of, by its own name.
        kept: Which segments are counted by name.
    """
    values = {}
    for key, own in keys.items():
        named = [s.removeprefix(f"{own}=") for s in segments if s.startswith(f"{own}=")]
        values[key] = [*kept[key], rest_of(kept[key])] if key in kept else named
    return values


def rest_of(kept: Collection[str]) -> str:
    """Return what segments that are not kept are called: as none that is kept.

    Not null: that would look like another grouping.

    Args:
        kept: Segments of one column that are counted by name.
    """
    rest = "rest"
    while rest in kept:
        rest += "_"
    return rest


def _digits(joint: Codes, values: Values) -> dict[str, Codes]:
    """Return the number of each key's value in numbers of combinations."""
    digits = {}
    for key, of_key in reversed([*values.items()]):
        joint, digits[key] = np.divmod(joint, len(of_key))
    return digits


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
