"""Which rows are held to have other outputs than their version gives."""

from collections.abc import Callable

import pandas as pd
import pytest

from monitoring_tasks.compare.reproduction.reproduced_rows import row_errors
from monitoring_tasks.compare.reproduction.reproducibility import without_reference
from monitoring_tasks.rows.scored_outputs import contract_outputs
from tests.compare.reproduction.reproducing import (
    BINARY,
    NUMBER,
    USUAL,
    given,
    rounded,
    rows_of,
    shifted,
    unlike,
)


def turned(rows: pd.DataFrame) -> pd.DataFrame:
    """Decide thirty rows for a class there is none of."""
    return rows.assign(prediction=rows["prediction"].where(rows["id"] >= 30, 2))


@pytest.mark.parametrize(
    ("change", "differing", "counting"),
    [
        pytest.param(lambda rows: rows, 0, 0, id="its own"),
        pytest.param(
            lambda rows: rows.assign(score=rows["score"].astype("float32")),
            0,
            0,
            id="float noise",
        ),
        pytest.param(rounded, 300, 0, id="rounding that does not matter"),
        pytest.param(shifted, 300, 300, id="shifted"),
        pytest.param(turned, 30, 30, id="decided otherwise"),
    ],
)
def test_rows_are_the_version_s_own_within_what_matters(
    change: Callable[[pd.DataFrame], pd.DataFrame], differing: int, counting: int
) -> None:
    """Noise is nothing, rounding differs and does not count, all else counts."""
    differs, counts = unlike(change(rows_of("2")), USUAL)
    assert differs == pytest.approx(differing, abs=10)
    assert counts == pytest.approx(counting, abs=10)


def test_score_that_is_not_given_at_all_is_another_one() -> None:
    """The version has no number where one was delivered."""
    rows = rows_of("2")
    outputs = contract_outputs(rows, given(rows, "2"), BINARY, USUAL.edges)
    assert not isinstance(outputs, str)
    without = {**outputs, "score": outputs["score"].mask(rows["id"] < 7)}
    assert int(row_errors(rows, without, BINARY, USUAL).unlike_number.sum()) == 7


def test_numbers_of_any_size_are_compared_by_their_size() -> None:
    """A prediction in millions has the noise of millions."""
    rows = rows_of("2", NUMBER)
    outputs = {"prediction": rows["prediction"] * 1e6}
    near = rows.assign(prediction=outputs["prediction"] * (1 + 1e-8))
    usual = without_reference(rows, given(rows, "2", NUMBER), NUMBER)
    assert not row_errors(near, outputs, NUMBER, usual).differs.any()
    far = rows.assign(prediction=outputs["prediction"] * 1.01)
    assert row_errors(far, outputs, NUMBER, usual).differs.sum() > 290
