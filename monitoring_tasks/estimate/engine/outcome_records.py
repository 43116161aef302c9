"""From records of scores, predictions and labels to the outcome of each segment."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar, get_args

import ibis.expr.types as ir

from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    MulticlassOutcome,
    Outcome,
    RegressionOutcome,
)
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.estimate.engine.batch import EngineBatch
from monitoring_tasks.estimate.engine.count_records import (
    BinaryCell,
    Key,
    Moment,
    MulticlassCell,
    OfSegment,
    RegressionSums,
)

MOMENTS: tuple[Moment, ...] = get_args(Moment)
About = TypeVar("About", bound=OfSegment)


def read_outcomes(loaded: EngineBatch, statement: ir.Table) -> dict[Key, Outcome]:
    """Execute the statement of a batch's outcomes and read them by day and segment.

    Args:
        loaded: The batch; its contract says which problem it is.
        statement: `outcome_statements.outcome_counts` of its rows.
    """
    match loaded.contract.problem:
        case Problem.BINARY:
            cells = by_segment(loaded.read(statement, BinaryCell))
            return {key: _binary(of_key) for key, of_key in cells.items()}
        case Problem.MULTICLASS:
            pairs = by_segment(loaded.read(statement, MulticlassCell))
            return {key: _multiclass(of_key) for key, of_key in pairs.items()}
        case Problem.REGRESSION:
            sums = by_segment(loaded.read(statement, RegressionSums))
            return {key: _regression(of_key[0]) for key, of_key in sums.items()}


def by_segment(records: Iterable[About]) -> dict[Key, list[About]]:
    """Group records by day and segment; one without records has an empty list."""
    grouped: dict[Key, list[About]] = defaultdict(list)
    for record in records:
        grouped[record["day"], record["segment"]].append(record)
    return grouped


def stable(number: float) -> float:
    """Drop the last bits, which depend on the order an engine adds rows in."""
    return float(f"{number:.12g}")


def _binary(records: Iterable[BinaryCell]) -> BinaryOutcome:
    # Sorted, so that a profile is the same whatever order the engine answers in.
    valid = sorted(
        (r["bin"], r["predicted"], r["label"], r["n"], r["scores"])
        for r in records
        if r["bin"] >= 0
    )
    return BinaryOutcome(
        cells={cell[:3]: cell[3] for cell in valid},
        score_sums={cell[:3]: stable(cell[4]) for cell in valid},
        invalid=sum(r["n"] for r in records if r["bin"] < 0),
    )


def _multiclass(records: Iterable[MulticlassCell]) -> MulticlassOutcome:
    cells = {
        (r["predicted"], r["label"]): r["n"]
        for r in records
        if r["predicted"] is not None
    }
    # By repr: a label may be None, which does not compare with texts.
    return MulticlassOutcome(cells=dict(sorted(cells.items(), key=repr)))


def _regression(record: RegressionSums) -> RegressionOutcome:
    sums = {str(name): stable(float(record[name])) for name in MOMENTS}
    return RegressionOutcome(
        rows=record["n"],
        labelled=record["labelled"],
        sums=sums | {"logs": stable(float(record["logs"]))},
    )
