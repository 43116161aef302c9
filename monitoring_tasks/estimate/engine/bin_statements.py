"""What is counted of numbers by the bins they lie in, two columns at a time.

A grouping costs a look-up a row, whatever it counts. So coarse bins of two columns are
one number, and are told apart again here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.counts import Bins
from monitoring_tasks.engine.grouping_sets import (
    Keys,
    columns_a_scan,
    computed_once,
    in_parts,
)
from monitoring_tasks.engine.values import double_of
from monitoring_tasks.estimate.engine.bin_numbers import bin_number, first_guess
from monitoring_tasks.estimate.engine.segment_rows import Cells, SegmentRows

KEYS_A_SCAN = 1
"""Columns one statement counts by: where columns are read alone, more save nothing."""
BINS_A_ROW = 4
"""Of columns in bins fewer: their groups, 10,000 a column, are many."""
MOST_COMBINED = 4_096
"""So many groups of coarse bins and segments stay in the processor's cache."""
COARSE, FINE, VALUE = "coarse", "fine", "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Binned:
    """A column of a statement, and the bins it is counted by."""

    name: str
    at: int
    bins: Bins

    @property
    def fine(self) -> str:
        return f"{FINE}_{self.at}"

    @property
    def value(self) -> str:
        return f"{VALUE}_{self.at}"

    @property
    def coarse(self) -> str:
        return f"{COARSE}_{self.at}"


_Group = Sequence[_Binned]
"""Columns whose coarse bins are one number, digits of it; the last one is `none`."""


def bin_cells(rows: SegmentRows, bins: Mapping[str, Bins]) -> Cells:
    """Count the values of continuous columns by segment and bin.

    Args:
        rows: The rows.
        bins: Bins by continuous column, under the engine's names.

    Returns:
        Rows by `coarse` bin; of the whole day by `fine` as well. Null is no bin, and a
        coarse one may come several times.
    """
    cells: Cells = {}
    most = columns_a_scan(rows.rows.table, KEYS_A_SCAN, BINS_A_ROW)
    for names in in_parts(bins, most):
        columns = [_Binned(name=n, at=at, bins=bins[n]) for at, n in enumerate(names)]
        groups = _combined(columns, most=MOST_COMBINED // rows.most_parts)
        sets = [keyed for group in groups for keyed in _sets(rows, group)]
        for segment, answer in rows.read(_binned(rows, groups), sets).items():
            for group in groups:
                by_column = _apart(answer, group)
                cells |= {(segment, name): part for name, part in by_column.items()}
    return cells


def _sets(rows: SegmentRows, group: _Group) -> list[Keys]:
    """Return what the columns of a group are counted by."""
    coarse, (first, *others) = _key(group), group
    if not others:
        return rows.sets((coarse, first.fine), (coarse,))
    return [*rows.sets((coarse,)), *((column.fine,) for column in group)]


def _combined(columns: Sequence[_Binned], *, most: int) -> Sequence[_Group]:
    """Return columns in groups whose coarse bins have few combinations."""
    groups: list[list[_Binned]] = []
    combinations = 0
    for column in columns:
        combinations *= _base(column)
        if groups and combinations <= most:
            groups[-1].append(column)
        else:
            groups.append([column])
            combinations = _base(column)
    return groups


def _base(column: _Binned) -> int:
    """Return how many digits a coarse bin has: those bins, and none of them."""
    return column.bins.coarse + 1


def _key(group: _Group) -> str:
    return group[0].coarse


def _binned(rows: SegmentRows, groups: Sequence[_Group]) -> ir.Table:
    """Return rows with the bins that the values of some columns lie in."""
    columns = [column for group in groups for column in group]
    guesses: dict[str, ir.Value] = {}
    for column in columns:
        x, bins = double_of(rows.rows.table[column.name]), column.bins
        guesses |= {
            column.value: x,
            column.coarse: first_guess(x, bins, bins.coarse),
            column.fine: first_guess(x, bins, bins.fine),
        }
    table = computed_once(rows.table(guesses))
    numbers: dict[str, ir.Value] = {
        column.fine: bin_number(
            table[column.value], table[column.fine], column.bins, column.bins.fine
        )
        for column in columns
    }
    numbers |= {_key(group): _coarse_bins(table, group) for group in groups}
    return computed_once(table.select(*rows.split_by, **numbers))


def _coarse_bins(table: ir.Table, group: _Group) -> ir.IntegerValue:
    """Number the combination of coarse bins that the values of a row lie in."""
    first, *others = group
    combination = _digit(table, first)
    for column in others:
        combination = combination * _base(column) + _digit(table, column)
    return combination


def _digit(table: ir.Table, column: _Binned) -> ir.IntegerValue:
    guess, count = table[column.coarse], column.bins.coarse
    return bin_number(table[column.value], guess, column.bins, count).fill_null(count)


def _apart(answer: pa.Table, group: _Group) -> dict[str, pa.Table]:
    """Return the cells of each column of a group.

    Null is what belongs to groupings of other columns, and outside the bins.
    """
    combined = answer.filter(pc.is_valid(answer[_key(group)]))
    rest = combined[_key(group)].to_numpy()
    cells = {}
    for column in reversed(group):
        rest, digits = np.divmod(rest, _base(column))
        coarse = pa.array(digits, pa.int64(), mask=digits == column.bins.coarse)
        fine = answer.filter(pc.is_valid(answer[column.fine]))
        by_coarse = pa.table({COARSE: coarse, "n": combined["n"]})
        by_fine = pa.table({FINE: fine[column.fine], "n": fine["n"]})
        cells[column.name] = pa.concat_tables(
            [by_coarse, by_fine], promote_options="default"
        )
    return cells
