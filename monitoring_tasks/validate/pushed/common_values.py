"""The most common values of a day's columns, asked of an engine."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.engine.grouping_sets import columns_a_scan, count_by, in_parts
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.engine.values import double, double_of, text_of
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.validate.pushed.answered import answers_to
from monitoring_tasks.validate.pushed.question import Question, count_of
from monitoring_tasks.validate.pushed.statements import Sample
from monitoring_tasks.validate.pushed.summary_columns import SummaryColumn, cells_of
from monitoring_tasks.validate.summary.column_values import most_common_categories

FEW = 500
"""Different numbers in the sample up to which all of a column's are counted."""
CANDIDATES = 3
"""Of other columns, numbers of the sample that may be the most common of the day."""
VALUE = "value"
Pairs = Sequence[tuple[str, int]]


def counts_by_category(
    rows: EngineRows,
    columns: Mapping[str, SummaryColumn],
    named: Mapping[str, Collection[str]],
) -> Iterator[tuple[str, tuple[Pairs, int]]]:
    """Yield of each column its categories, most common first, and all other rows.

    Args:
        rows: The rows.
        columns: The columns, by their own names.
        named: Column -> categories that are counted by name however rare they are.
    """
    for names in in_parts(columns, columns_a_scan(rows.table, 1)):
        keys = {name: f"{VALUE}_{at}" for at, name in enumerate(names)}
        texts = {key: text_of(columns[name].present) for name, key in keys.items()}
        answer = count_by(rows.table.select(**texts), [(key,) for key in texts])
        for name, key in keys.items():
            # Of the groupings of other columns it is null, as where there is no value.
            own = answer.filter(pc.is_valid(answer[key]))
            counted = pa.table({VALUE: own[key], "n": own["n"]})
            yield name, _limited(counted, named.get(name, ()))


def _limited(counted: pa.Table, named: Collection[str]) -> tuple[Pairs, int]:
    """Return the named and the most common categories, and the rows of all others."""
    short = with_short_texts(counted, [VALUE])
    total = pc.sum(short["n"]).as_py() or 0
    ordered = most_common_categories(short[VALUE], short["n"], named)
    return ordered, total - sum(n for _, n in ordered)


def most_common_numbers(
    rows: EngineRows, columns: Mapping[str, SummaryColumn], sample: Sample
) -> dict[str, tuple[str, int]]:
    """Return of each column of numbers the most common one, and its rows.

    Args:
        rows: The rows.
        columns: Columns of numbers with a value at least, by their own names.
        sample: Rows of the day.
    """
    frequent = {name: _frequent(sample.rows[name]) for name in columns}
    few = {n: columns[n] for n, (values, _) in frequent.items() if len(values) <= FEW}
    many = {n: _candidates(v) for n, v in frequent.items() if n not in few}
    questions = [
        Question(
            asked={
                f"n{at}": count_of(_equals(columns[name], value))
                for at, value in enumerate(values)
            },
            judge=lambda _: None,
        )
        for name, values in many.items()
    ]
    answers = answers_to(rows.table, questions)
    counted = {
        name: [(value, answer[f"n{at}"]) for at, value in enumerate(values)]
        for (name, values), answer in zip(many.items(), answers, strict=True)
    }
    for name, column in few.items():
        keyed = rows.table.select(**{VALUE: column.present.cast("float64")})
        counted[name] = cells_of(count_by(keyed, [(VALUE,)]), VALUE)
    # Of several alike the smallest counts, as in memory.
    tops = {
        n: min((-count, value) for value, count in cells)
        for n, cells in counted.items()
    }
    return {name: (f"{value:.6g}", -count) for name, (count, value) in tops.items()}


def _equals(column: SummaryColumn, value: float) -> ir.BooleanValue:
    # Null equals nothing, and not-a-number no number.
    return column.of & (double_of(column.values) == double(value))


def _candidates(frequent: tuple[Floats, Codes]) -> list[float]:
    """Return numbers of a sample that may be the most common of the day.

    Where all of them occur once no number is notably common, and the first will do.
    """
    values, counts = frequent
    repeated = int(np.count_nonzero(counts[:CANDIDATES] > 1))
    return [float(value) for value in values[: max(repeated, 1)]]


def _frequent(values: pa.ChunkedArray) -> tuple[Floats, Codes]:
    """Return the different numbers of a sample, the most frequent first, and rows."""
    numbers = values.cast(pa.float64(), safe=False).drop_null().to_numpy()
    finite = numbers[np.isfinite(numbers)]
    different, counts = np.unique(finite, return_counts=True)
    order = np.lexsort((different, -counts))
    return different[order], counts[order]
