"""What a day's rows look like, asked of an engine; see `summary/batch_summary`."""

from collections.abc import Collection, Mapping
from datetime import date

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.validate.pushed.common_values import (
    counts_by_category,
    most_common_numbers,
)
from monitoring_tasks.validate.pushed.hours import hours_by_column
from monitoring_tasks.validate.pushed.statements import Sample
from monitoring_tasks.validate.pushed.summary_columns import (
    column_sizes,
    declared_columns,
)
from monitoring_tasks.validate.summary.batch_summary import (
    NOTHING_NAMED,
    numeric_outputs,
    summarize,
)


def summarize_pushed(
    rows: EngineRows,
    day: date,
    contract: Contract,
    *,
    sample: Sample,
    named: Mapping[str, Collection[str]] = NOTHING_NAMED,
) -> BatchSummary:
    """Describe what went into the model on a day and what came out of it.

    Counts are those of all rows. Distributions, decimals and segments are those of the
    sample. So is the choice of the most common number in a column of many: its rows are
    counted, and one that is notably common is among the sample's own most common ones.

    Args:
        rows: The rows, at least one.
        day: Their calendar day.
        contract: Declares the columns, by their own names.
        sample: Rows of the day, their texts short.
        named: Categorical column -> categories that are counted by name however rare
            they are.
    """
    sampled = summarize(sample.rows, day, contract, named=named)
    if not sample.remark:
        return sampled
    columns = declared_columns(rows, contract)
    sizes = column_sizes(rows, columns)
    present = {n: sizes[n]["present"] for n in columns if sizes[n]["present"]}
    usable = {n: c for n, c in columns.items() if n in present and c.is_countable}
    continuous = {*contract.columns.continuous, *numeric_outputs(contract)}
    numeric = continuous | {*contract.columns.calendar}
    numbers = {n: c for n, c in usable.items() if c.is_number and n in numeric}
    texts = {n: c for n, c in usable.items() if n not in numbers}
    counts = dict(counts_by_category(rows, texts, named))
    tops = {n: pairs[0] for n, (pairs, _) in counts.items() if pairs}
    tops |= most_common_numbers(rows, numbers, sample)
    categories = {
        n: dict(pairs) for n, (pairs, _) in counts.items() if n not in numeric
    }
    other = {n: counts[n][1] for n in categories if counts[n][1]}
    return BatchSummary(
        day=day,
        rows=sample.of,
        nulls={
            n: 1 - of["present"] / of["rows"] for n, of in sizes.items() if of["rows"]
        },
        common={n: top / present[n] for n, (_, top) in tops.items()},
        value={n: value for n, (value, _) in tops.items()},
        quantiles={n: q for n, q in sampled.quantiles.items() if n in numbers},
        distributions={n: d for n, d in sampled.distributions.items() if n in numbers},
        grain={n: g for n, g in sampled.grain.items() if n in numbers},
        categories=categories,
        other=other,
        hours=dict(hours_by_column(rows, contract, numbers)),
        segments=sampled.segments,
    )
