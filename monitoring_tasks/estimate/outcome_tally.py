"""Scores, predictions and labels counted together, block by block: one a problem."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    SCORE_BINS,
    BinaryOutcome,
    MulticlassOutcome,
    Outcome,
    RegressionOutcome,
)
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.estimate.bin_tally import all_stable, stable
from monitoring_tasks.estimate.cell_tally import CellTally
from monitoring_tasks.estimate.column_codes import (
    Texts,
    doubles_of,
    integers_of,
    measurable,
)
from monitoring_tasks.estimate.segment_tally import Grouping, grown
from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.statistics.cell_counts import CellCounts

MOMENTS = ("e", "e2", "e4", "abs", "y", "y2", "sq_log", "sq_log2")
"""Names of the sums of `RegressionOutcome`, in the order of `_moments`."""


class OutcomeTally(Protocol):
    """Counts how scores and predictions met labels."""

    def add(self, block: pa.Table, groupings: Sequence[Grouping]) -> None:
        """Count a block.

        Args:
            block: Rows with prediction, label and, where there is one, score.
            groupings: Their segments, by dimension.
        """

    def outcome(self, dimension: int, segment: int) -> Outcome:
        """Return what was counted of a segment.

        Args:
            dimension: Its dimension; 0 is the whole day.
            segment: Its code.
        """


def outcome_tally(contract: Contract, dimensions: int) -> OutcomeTally:
    """Return what counts the outcomes of a model.

    Args:
        contract: Says which problem it is and names the columns.
        dimensions: How many ways the rows are split, the whole day first.
    """
    match contract.problem:
        case Problem.BINARY:
            return BinaryTally(contract, dimensions)
        case Problem.MULTICLASS:
            return MulticlassTally(contract, dimensions)
        case Problem.REGRESSION:
            return RegressionTally(contract, dimensions)


class _Pairs:
    """Pairs of numbers by code, in the order they were first met."""

    def __init__(self) -> None:
        self._codes: dict[tuple[int, int], int] = {}

    def codes(self, first: Codes, second: Codes) -> Codes:
        """Return the code of each pair; a new one gets the next.

        Args:
            first: One number of each row.
            second: The other.
        """
        # Numbered by themselves first: no two numbers need to fit into one.
        lefts, left = np.unique(first, return_inverse=True)
        rights, right = np.unique(second, return_inverse=True)
        width = max(len(rights), 1)
        different, at = np.unique(left * width + right, return_inverse=True)
        pairs = zip(
            lefts[different // width].tolist(),
            rights[different % width].tolist(),
            strict=True,
        )
        codes = [self._codes.setdefault(pair, len(self._codes)) for pair in pairs]
        return np.array(codes, dtype=np.int64)[at]

    def of(self, codes: Codes) -> tuple[Codes, Codes]:
        """Return both numbers of each code.

        Args:
            codes: As `codes` gave them.
        """
        pairs = np.array(list(self._codes), dtype=np.int64).reshape(-1, 2)[codes]
        return pairs[:, 0], pairs[:, 1]


class BinaryTally:
    """Rows and sums of scores by score bin, predicted class and label.

    Args:
        contract: Names the columns.
        dimensions: How many ways the rows are split.
    """

    def __init__(self, contract: Contract, dimensions: int) -> None:
        self._columns = contract.columns
        self._pairs = _Pairs()
        self._cells = CellTally(dimensions)
        self._invalid = [np.zeros(0, dtype=np.int64) for _ in range(dimensions)]

    def add(self, block: pa.Table, groupings: Sequence[Grouping]) -> None:
        """Count a block, as `OutcomeTally.add`."""
        columns = self._columns
        score = doubles_of(block.column(str(columns.score)))
        pairs = self._pairs.codes(
            integers_of(block.column(columns.prediction)),
            integers_of(block.column(columns.label)),
        )
        is_valid = (score >= 0) & (score <= 1)
        if not is_valid.all():
            invalid = ~is_valid
            for number, grouping in enumerate(groupings):
                sizes = grouping.select(invalid).sizes(int(invalid.sum()))
                self._invalid[number] = grown(self._invalid[number], sizes)
            groupings = [grouping.select(is_valid) for grouping in groupings]
            score, pairs = score[is_valid], pairs[is_valid]
        # A score of exactly 1 belongs to the last bin.
        bins = np.minimum(np.floor(score * SCORE_BINS), SCORE_BINS - 1)
        self._cells.add(pairs * SCORE_BINS + bins.astype(np.int64), groupings, score)

    def outcome(self, dimension: int, segment: int) -> BinaryOutcome:
        """Return what was counted of a segment, as `OutcomeTally.outcome`."""
        keys, rows, sums = self._cells.of(dimension, segment)
        pairs, bins = np.divmod(keys, SCORE_BINS)
        predicted, label = self._pairs.of(pairs)
        order = np.lexsort((label, predicted, bins))
        cells = np.column_stack([bins, predicted, label])[order]
        invalid = self._invalid[dimension]
        return BinaryOutcome(
            cells=CellCounts[int](cells, rows[order]),
            score_sums=CellCounts[float](cells, all_stable(sums[order])),
            invalid=int(invalid[segment]) if segment < len(invalid) else 0,
        )


class MulticlassTally:
    """Rows by predicted class and label; rows without a predicted class are left out.

    Args:
        contract: Names the columns.
        dimensions: How many ways the rows are split.
    """

    def __init__(self, contract: Contract, dimensions: int) -> None:
        self._columns = contract.columns
        self._texts = Texts()
        self._pairs = _Pairs()
        self._cells = CellTally(dimensions)

    def add(self, block: pa.Table, groupings: Sequence[Grouping]) -> None:
        """Count a block, as `OutcomeTally.add`."""
        predicted = self._texts.codes(block.column(self._columns.prediction))
        label = self._texts.codes(block.column(self._columns.label))
        is_valid = predicted >= 0
        pairs = self._pairs.codes(predicted[is_valid], label[is_valid])
        self._cells.add(pairs, [grouping.select(is_valid) for grouping in groupings])

    def outcome(self, dimension: int, segment: int) -> MulticlassOutcome:
        """Return what was counted of a segment, as `OutcomeTally.outcome`."""
        keys, rows, _ = self._cells.of(dimension, segment)
        names: list[str | None] = [*self._texts.names, None]  # -1 is the last one
        predicted, labels = (codes.tolist() for codes in self._pairs.of(keys))
        cells = {
            (self._texts.names[p], names[label]): count
            for p, label, count in zip(predicted, labels, rows.tolist(), strict=True)
        }
        # By repr: a label may be None, which does not compare with texts.
        return MulticlassOutcome(cells=dict(sorted(cells.items(), key=repr)))


class RegressionTally:
    """Sums of errors and labels over the rows with a number on both sides.

    Args:
        contract: Names the columns.
        dimensions: How many ways the rows are split.
    """

    def __init__(self, contract: Contract, dimensions: int) -> None:
        self._columns = contract.columns
        width = len(MOMENTS) + 3
        self._sums = [np.zeros((0, width)) for _ in range(dimensions)]

    def add(self, block: pa.Table, groupings: Sequence[Grouping]) -> None:
        """Count a block, as `OutcomeTally.add`."""
        predicted = measurable(doubles_of(block.column(self._columns.prediction)))
        label = measurable(doubles_of(block.column(self._columns.label)))
        has_both = ~np.isnan(predicted - label)
        moments = _moments(predicted[has_both], label[has_both])
        for number, grouping in enumerate(groupings):
            paired = grouping.select(has_both)
            sums = [paired.sums(moment) for moment in moments]
            counted = np.column_stack((grouping.sizes(len(has_both)), *sums))
            self._sums[number] = grown(self._sums[number], counted)

    def outcome(self, dimension: int, segment: int) -> RegressionOutcome:
        """Return what was counted of a segment, as `OutcomeTally.outcome`."""
        rows, labelled, logs, *sums = self._sums[dimension][segment].tolist()
        named = {str(name): stable(s) for name, s in zip(MOMENTS, sums, strict=True)}
        return RegressionOutcome(
            rows=int(rows), labelled=int(labelled), sums=named | {"logs": stable(logs)}
        )


def _moments(predicted: Floats, label: Floats) -> list[Floats]:
    """Return what is summed of each row: 1, whether it has logarithms, `MOMENTS`."""
    error = predicted - label
    # RMSLE has no value at -1 and below; such rows count for all else.
    logs = (predicted > -1) & (label > -1)
    log_error = np.zeros_like(error)
    log_error[logs] = np.log(predicted[logs] + 1) - np.log(label[logs] + 1)
    return [
        np.ones_like(error),
        logs.astype(np.float64),
        error,
        error**2,
        error**4,
        np.abs(error),
        label,
        label**2,
        log_error**2,
        log_error**4,
    ]
