"""Rows of a reference of the wrong type: read right, or refused with the column."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.extract.reference_rows import typed_rows
from tests.builders import COLUMNS, make_contract

CONTRACT = make_contract(columns=COLUMNS | {"continuous": ["x"]})
ROWS = pd.DataFrame(
    {
        COLUMNS["timestamp"]: pd.to_datetime(["2024-03-01 08:00", "2024-03-02 09:00"]),
        COLUMNS["score"]: [0.25, 0.75],
        COLUMNS["prediction"]: [0, 1],
        COLUMNS["label"]: [1, np.nan],
        "x": [1.0, np.nan],
    }
)


@pytest.mark.parametrize(
    ("texts", "hours"),
    [
        pytest.param(["2024-03-01 08:00", "2024-03-02 09:00"], [8, 9], id="plain"),
        pytest.param(
            ["2024-03-01T08:00+01:00", "2024-04-02T09:00+02:00"], [7, 7], id="offsets"
        ),
    ],
)
def test_instants_may_be_texts(texts: list[str], hours: list[int]) -> None:
    """Instants written out are read; ones with offsets as what they are."""
    rows = typed_rows(ROWS.assign(**{COLUMNS["timestamp"]: texts}), CONTRACT)
    assert rows[COLUMNS["timestamp"]].dt.hour.tolist() == hours


def test_numbers_may_be_texts_and_lack() -> None:
    """Numbers written out are read; a null stays one."""
    rows = typed_rows(ROWS.assign(x=["1.5", None]), CONTRACT)
    assert rows["x"].iloc[0] == 1.5
    assert np.isnan(rows["x"].iloc[1])


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        pytest.param(
            COLUMNS["timestamp"], ["soon", "2024-03-01"], r"1 of 2 values \(soon\) are",
            id="no instant",
        ),
        pytest.param(
            COLUMNS["timestamp"], [None, "2024-03-01"], "1 of 2 values have no instant",
            id="no value",
        ),
        pytest.param("x", ["low", "2"], r"\(low\) are no numbers", id="no number"),
        pytest.param(
            COLUMNS["label"], [2, 1], r"1 of 2 values \(2\) are neither 0", id="a label"
        ),
        pytest.param(
            COLUMNS["prediction"], [0.5, 1], r"\(0.5\) are neither 0", id="a decision"
        ),
        pytest.param("x", ["y" * 400, "2"], r"\(y{20}\) are", id="free text is cut"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(
    column: str, values: list[Any], said: str
) -> None:
    """The error names column, rows and some values."""
    with pytest.raises(UnreadableDataError, match=said) as raised:
        typed_rows(ROWS.assign(**{column: values}), CONTRACT)
    assert f"column '{column}'" in str(raised.value)
