"""The values of a column in a few numbers."""

from collections import Counter

import numpy as np
import pytest

from monitoring_tasks.validate.summary.column_values import most_common


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param([3.0], id="one"),
        pytest.param([1.0, 2.0, 3.0], id="none repeats"),
        pytest.param([7.0] * 5, id="all are the same"),
        pytest.param([1.0, 2.0, 2.0, 3.0], id="one repeats"),
        pytest.param([1.0, 1.0, 2.0, 3.0, 3.0], id="as many of two"),
        pytest.param([1.0, 1.0, 2.0, 2.0, 2.0], id="side by side"),
        pytest.param([-np.inf, 0.0, np.inf, np.inf], id="infinite"),
    ],
)
def test_most_common_number_is_the_smallest_of_those_with_most_rows(
    numbers: list[float],
) -> None:
    """As counting each by itself says."""
    rows = Counter(numbers)
    top = min(rows, key=lambda number: (-rows[number], number))
    assert most_common(np.array(numbers)) == (f"{top:.6g}", rows[top])
