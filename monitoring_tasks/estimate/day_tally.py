"""The rows of one version on one day, counted block by block in one pass.

Blocks are small enough for their columns to stay in the processor's cache, and rows may
come from anywhere: memory does not grow with them, though it does with the number of
different segments and categories.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.column_kinds import category_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    LATENCY_GROWTH,
    MAX_CATEGORIES,
    Bins,
    ServiceCounts,
)
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.vocabulary import Vocabulary
from monitoring_tasks.estimate.bin_tally import BinTally
from monitoring_tasks.estimate.category_tally import (
    CategoryTally,
    LimitedCategories,
)
from monitoring_tasks.estimate.cell_tally import CellTally
from monitoring_tasks.estimate.column_codes import doubles_of, integers_of, measurable
from monitoring_tasks.estimate.outcome_tally import outcome_tally
from monitoring_tasks.estimate.segment_tally import dimensions_of
from monitoring_tasks.rows.names import ALL
from monitoring_tasks.statistics.arrays import Codes, Floats

BLOCK_ROWS = 1 << 17
LATENCY_OFFSET = 1 << 16
"""Added to a bin of the latency, which may lie below 0, to make a key of it."""


class DayTally:
    """What is counted of one version on one day.

    Args:
        contract: Says which column plays which role.
        bins: Bins by continuous column; one without bins is left out.
    """

    def __init__(self, contract: Contract, bins: Mapping[str, Bins]) -> None:
        self._contract = contract
        self.dimensions = dimensions_of(contract.columns)
        ways = len(self.dimensions)
        self._bins = {name: BinTally(bins[name], ways) for name in sorted(bins)}
        self._present: set[str] = set()
        self.categories = {
            name: CategoryTally(ways) for name in category_columns(contract)
        }
        self._outcomes = outcome_tally(contract, ways)
        self._latency = CellTally(ways)

    def add(self, rows: pa.Table) -> None:
        """Count rows.

        Args:
            rows: Rows of the version alone, with the label column joined on.
        """
        names = rows.column_names
        # A column that is there twice is left out: nobody knows which one is meant.
        self._present |= {name for name in names if names.count(name) == 1}
        for start in range(0, rows.num_rows, BLOCK_ROWS):
            self._add_block(rows.slice(start, BLOCK_ROWS))

    def _add_block(self, block: pa.Table) -> None:
        columns = self._contract.columns
        groupings = [dimension.group(block) for dimension in self.dimensions]
        labelled = pc.is_valid(block.column(columns.label)).to_numpy()
        failed = _failures(
            block, columns.error if columns.error in self._present else None
        )
        for dimension, grouping in zip(self.dimensions, groupings, strict=True):
            dimension.add(grouping, labelled, failed)
        for name, bins in self._bins.items():
            if name in self._present:
                bins.add(doubles_of(block.column(name)), groupings)
        for name, categories in self.categories.items():
            if name in self._present:
                categories.add(block.column(name), groupings)
        self._outcomes.add(block, groupings)
        if columns.latency is not None and columns.latency in self._present:
            seconds = measurable(doubles_of(block.column(columns.latency)))
            # Bins grow by a factor, and 0 has no logarithm.
            lasted = seconds > 0
            keys = _latency_keys(seconds[lasted])
            self._latency.add(keys, [g.select(lasted) for g in groupings])

    def profiles(
        self, day: date, version: str, vocabulary: Vocabulary
    ) -> list[DayProfile]:
        """Return what was counted: the whole day first, then segments by name.

        Args:
            day: The model's own calendar day.
            version: The version that scored the rows.
            vocabulary: Values that are counted by name.
        """
        most = self._contract.policy.max_segments
        most_others = 0 if vocabulary.is_closed else most
        columns = self._columns(vocabulary)
        profiles = [
            DayProfile(
                model=self._contract.model,
                day=day,
                version=version,
                segment=dimension.segment(code),
                rows=rows,
                labelled=int(dimension.labelled[code]),
                columns={
                    name: counted.counts(number, code, rows)
                    for name, counted in columns.items()
                },
                outcome=self._outcomes.outcome(number, code),
                service=self._service(number, code),
            )
            for number, dimension in enumerate(self.dimensions)
            for code in dimension.kept(
                vocabulary.segments, most=most, most_others=most_others
            )
            for rows in [int(dimension.rows[code])]
        ]
        return sorted(profiles, key=lambda p: (p.segment != ALL, p.segment))

    def _columns(
        self, vocabulary: Vocabulary
    ) -> dict[str, BinTally | LimitedCategories]:
        """Return what was counted of the columns that were there."""
        most_others = 0 if vocabulary.is_closed else MAX_CATEGORIES
        limited = {
            name: tally.limited(vocabulary.categories.get(name, ()), most_others)
            for name, tally in self.categories.items()
            if name in self._present
        }
        counted = {n: tally for n, tally in self._bins.items() if n in self._present}
        return {**counted, **limited}

    def _service(self, dimension: int, segment: int) -> ServiceCounts | None:
        columns, sizes = self._contract.columns, self.dimensions[dimension]
        if columns.latency is None and columns.error is None:
            return None
        keys, rows, _ = self._latency.of(dimension, segment)
        bins = (keys - LATENCY_OFFSET).tolist()
        return ServiceCounts(
            rows=int(sizes.rows[segment]),
            errors=int(sizes.failed[segment]),
            latency=dict(zip(bins, rows.tolist(), strict=True)),
        )


def _failures(block: pa.Table, error: str | None) -> Codes:
    """Return the errors of each row; 0 where nothing says so."""
    if error is None:
        return np.zeros(block.num_rows, dtype=np.int64)
    return np.maximum(integers_of(block.column(error)), 0)


def _latency_keys(seconds: Floats) -> Codes:
    """Return a key for the latency bin of each duration, all above 0."""
    bins = np.floor(np.log(seconds) / np.log(LATENCY_GROWTH))
    keys: Codes = bins.astype(np.int64) + LATENCY_OFFSET
    return keys
