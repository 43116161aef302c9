"""Rows of odd types: judged with all labels."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pandas as pd
import pytest

from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.HISTORY[0]
Change = Callable[[pd.DataFrame], pd.DataFrame]


def count(rows: pd.DataFrame) -> range:
    """Number the rows by seventeen digits, more than a double keeps apart."""
    first = 9_007_199_254_740_993
    return range(first, first + len(rows))


ODD = [
    pytest.param(
        lambda f: f.assign(id=[UUID(int=n).bytes for n in count(f)]), id="16 bytes"
    ),
    pytest.param(
        lambda f: f.assign(id=[Decimal(n) for n in count(f)]), id="long decimals"
    ),
    pytest.param(
        lambda f: f.assign(
            **{n: f[n].astype("float16") for n in f.columns if n == "score"}
        ),
        id="half floats",
    ),
]


@pytest.mark.parametrize("change", ODD)
def test_rows_of_odd_types_are_judged_with_all_labels(
    home: Path, change: Change
) -> None:
    """Both sides are stored alike, and meet one to one."""
    world.write_day(home, DAY, change=change, labels=change)
    (row,) = worlds.run(home, DAY)
    assert (row.labelled, row.verdict) == (world.ROWS, "ok")
