"""The rows of each declared segment and protected group of a day."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.validate.summary.column_values import is_countable
from monitoring_tasks.validate.summary.related_columns import categories_of

SEGMENT_ROWS = 2_000
"""Most rows of a segment that are looked at: every so many-th where it has more."""


def segment_rows(
    table: pa.Table, contract: Contract
) -> Iterator[tuple[str, str, pa.Table]]:
    """Yield column, segment (`column=value`) and its rows, the largest first.

    Segments with fewer than `policy.min_rows` rows and beyond `policy.max_segments` of
    a column are left out, and so are rows without a value.

    Args:
        table: The rows of a day, their texts short.
        contract: Declares the columns, and brings the policy.
    """
    columns, policy = contract.columns, contract.policy
    for name in dict.fromkeys((*columns.segments, *columns.protected)):
        if table.column_names.count(name) != 1 or not is_countable(table.column(name)):
            continue
        segments = categories_of(table.column(name))
        values, codes = segments.texts, segments.codes
        ordered = np.argsort(codes, kind="stable")
        # Rows without a value come first.
        nulls, *counts = np.bincount(codes + 1, minlength=len(values) + 1)
        starts = np.cumsum([nulls, *counts])
        # Ties by text, so that the same rows give the same segments.
        largest = sorted(range(len(values)), key=lambda at: (-counts[at], values[at]))
        for at in largest[: policy.max_segments]:
            if counts[at] >= policy.min_rows:
                of_segment = ordered[starts[at] : starts[at + 1]]
                step = -(-len(of_segment) // SEGMENT_ROWS)
                rows = table.take(pa.array(of_segment[::step]))
                yield name, f"{name}={values[at]}", rows
