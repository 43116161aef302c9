"""How the labels of a day lie, as a whole and by declared segment. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    MulticlassOutcome,
    Outcome,
    add_up,
)
from monitoring_tasks.domain.label_summary import QUANTILES, LabelSummary, NumberCurves
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.cells import cells_of
from monitoring_tasks.estimate.column_codes import doubles_of, measurable
from monitoring_tasks.estimate.label_slopes import slope_of, slope_of_classes
from monitoring_tasks.rows.names import ALL
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.expected_shares import scaled_residuals
from monitoring_tasks.statistics.share_curves import curve_of

if TYPE_CHECKING:
    import pyarrow as pa

MOST_CLASSES = 20
"""The most common classes of a day are watched one by one."""
MOST_ROWS = 100_000
"""Quantiles of more rows are those of every second one, every third ..."""


def summarize_labels(
    profiles: Sequence[DayProfile], rows: "pa.Table", contract: Contract
) -> dict[str, LabelSummary]:
    """Return how the labels lie, by segment; all versions of the day together.

    Args:
        profiles: The counts of the day, by version and segment.
        rows: Its rows with their labels; read only where the label is a number.
        contract: Names the columns. Segments with fewer labels than `policy.min_rows`
            are left out.
    """
    if contract.problem is Problem.REGRESSION:
        summaries = dict(_of_numbers(profiles, rows, contract))
    else:
        outcomes: dict[str, list[Outcome]] = {}
        for profile in profiles:
            if _is_declared(profile.segment, contract):
                outcomes.setdefault(profile.segment, []).append(profile.outcome)
        summaries = {name: _of_classes(add_up(o)) for name, o in outcomes.items()}
    least = contract.policy.min_rows
    return {name: s for name, s in summaries.items() if s.rows >= least}


def _is_declared(segment: str, contract: Contract) -> bool:
    return segment == ALL or segment.partition("=")[0] in contract.columns.segments


def _of_classes(outcome: Outcome) -> LabelSummary:
    match outcome:
        case BinaryOutcome():
            return _of_scores(outcome)
        case MulticlassOutcome():
            return _of_named_classes(outcome)
    return LabelSummary(rows=0)


def _of_scores(outcome: BinaryOutcome) -> LabelSummary:
    cells = cells_of(outcome).labelled
    if not cells.total:
        return LabelSummary(rows=0)
    weights, score, truth = cells.rows / cells.total, cells.score, cells.truth
    rows = int(cells.total)
    slope = slope_of(score, truth, weights, rows)
    return LabelSummary(
        rows=rows,
        levels={"1": float(weights @ truth)},
        outputs={"1": float(weights @ score)},
        slope=slope.value,
        slope_error=slope.error,
    )


def _of_named_classes(outcome: MulticlassOutcome) -> LabelSummary:
    cells = {(p, t): n for (p, t), n in outcome.cells.items() if t is not None and n}
    total = sum(cells.values())
    if not total:
        return LabelSummary(rows=0)
    said: dict[str, float] = {}
    true: dict[str, float] = {}
    for (predicted, label), rows in cells.items():
        said[predicted] = said.get(predicted, 0.0) + rows / total
        true[label] = true.get(label, 0.0) + rows / total
    # A class that no label names any more is news: those predicted count as well.
    both = {name: max(true.get(name, 0.0), said.get(name, 0.0)) for name in said | true}
    kept = sorted(both, key=lambda name: (-both[name], name))[:MOST_CLASSES]
    slope = slope_of_classes(cells)
    return LabelSummary(
        rows=total,
        levels={name: true.get(name, 0.0) for name in kept},
        outputs={name: said.get(name, 0.0) for name in kept},
        slope=slope.value,
        slope_error=slope.error,
    )


def _of_numbers(
    profiles: Sequence[DayProfile], rows: "pa.Table", contract: Contract
) -> Iterator[tuple[str, LabelSummary]]:
    columns = contract.columns
    label = measurable(doubles_of(rows[columns.label]))
    said = measurable(doubles_of(rows[columns.prediction]))
    known = np.isfinite(label) & np.isfinite(said)
    yield ALL, _of_values(label[known], said[known])
    for segment in sorted({p.segment for p in profiles} - {ALL}):
        name, _, value = segment.partition("=")
        if name in columns.segments and name in rows.column_names:
            texts = _texts(rows, name)
            inside = known & (texts == value)
            yield segment, _of_values(label[inside], said[inside])


def _texts(
    rows: "pa.Table", name: str
) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    import pyarrow as pa  # noqa: PLC0415 (loaded long before a day has rows)

    return np.asarray(rows[name].cast(pa.string()).to_numpy(zero_copy_only=False))


def _of_values(label: Floats, said: Floats) -> LabelSummary:
    if not len(label):
        return LabelSummary(rows=0)
    step = -(-len(label) // MOST_ROWS)
    some, outputs = label[::step], said[::step]
    slope = slope_of(outputs, some, np.full(len(some), 1 / len(some)), len(some))
    return LabelSummary(
        rows=len(label),
        levels=_quantiles(some),
        outputs=_quantiles(outputs),
        slope=slope.value,
        slope_error=slope.error,
        curves=NumberCurves(
            labels=curve_of(some),
            outputs=curve_of(outputs),
            residuals=curve_of(some - outputs),
            scaled=scaled_residuals(some, outputs),
        ),
    )


def _quantiles(values: Floats) -> Mapping[str, float]:
    ends = np.quantile(values, list(QUANTILES.values()))
    return dict(zip(QUANTILES, ends.tolist(), strict=True))
