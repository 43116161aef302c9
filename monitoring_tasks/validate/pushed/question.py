"""What is asked of an engine to tell how an expectation fares."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import starmap
from typing import Any

import ibis
import ibis.expr.types as ir

from monitoring_tasks.validate.engine_checks.counting import Judge
from monitoring_tasks.validate.engine_checks.outcome import MOST_ROWS, Outcome

FALSE = ibis.literal(value=False)
ID = "id"
SHOWN = "shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """The rows, or values, that show what is not as expected.

    Attributes:
        rows: Those there are, in any number; `MOST_ROWS` of them are fetched.
        shown: What each is shown by.
        show: Makes one value of these.
        are_rows: Whether each is a row of the batch, with an id.
    """

    rows: ir.Table
    shown: Sequence[ir.Column]
    show: Callable[..., object] = lambda value: value
    are_rows: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked to tell how an expectation fares.

    Attributes:
        judge: From the answers to how it fares. Failing rows are counted; their values
            come from the examples.
        asked: Reckoned over all rows, in the same scan as what others ask.
        apart: Asks by itself, of groups of rows.
        examples: Says what is fetched, only where the expectation fails.
    """

    judge: Judge
    asked: Mapping[str, ir.Scalar] = field(default_factory=dict)
    apart: Callable[[], Mapping[str, Any]] | None = None
    examples: Callable[[], Examples] | None = None


def count_of(condition: ir.BooleanValue) -> ir.Scalar:
    """Return how many rows a condition is true of."""
    return condition.ifelse(1, ibis.null("int64")).count()


def with_examples(
    outcome: Outcome, examples: Examples, key: str | None
) -> tuple[Outcome, list[object]]:
    """Fetch the examples of what failed; return it with them, and their ids.

    Args:
        outcome: How the expectation fared; it failed.
        examples: What shows it.
        key: The id in the engine; None where the batch has none.
    """
    names = [f"{SHOWN}{number}" for number in range(len(examples.shown))]
    picked = dict(zip(names, examples.shown, strict=True))
    has_ids = examples.are_rows and key is not None
    if has_ids:
        picked[ID] = examples.rows[key]
    if not picked:
        return outcome, []
    order = [ID] if has_ids else names
    fetched = (
        examples.rows.select(**picked)
        .order_by([ibis.asc(name, nulls_first=False) for name in order])
        .limit(MOST_ROWS)
        .to_pyarrow()
    )
    rows = zip(*(fetched[name].to_pylist() for name in names), strict=True)
    values = tuple(starmap(examples.show, rows))
    ids = fetched[ID].to_pylist() if has_ids else []
    return (
        Outcome(
            holds=False,
            failing_values=values,
            failing_rows=outcome.failing_rows,
            positions=tuple(range(len(ids))),
        ),
        ids,
    )
