"""What a version gives, in the columns of the contract."""

import pandas as pd
import pytest

from monitoring_tasks.rows.scored_outputs import contract_outputs, decision_edges
from tests.builders import COLUMNS, make_contract

BINARY = make_contract()
CLASSES = make_contract(
    problem="multiclass",
    classes=["a", "b", "c"],
    columns={**COLUMNS, "score": {"a": "p_a", "b": "p_b", "c": "p_c"}},
)
ROWS = pd.DataFrame(
    {"score": [0.1, 0.4, 0.6, None], "prediction": [0, 0, 1, 1]}, index=[7, 3, 5, 1]
)


def test_threshold_lies_between_the_decisions() -> None:
    """Where one threshold parts them; where none does nobody knows."""
    assert decision_edges(ROWS, BINARY) == (0.4, 0.6)
    mixed = ROWS.assign(prediction=[1, 0, 0, 1])
    assert decision_edges(mixed, BINARY) is None
    assert decision_edges(ROWS.assign(prediction=0), BINARY) is None
    assert decision_edges(ROWS, CLASSES) is None


def test_decisions_are_made_at_the_threshold_that_is_known() -> None:
    """By the version's score; a row without a score keeps what it had."""
    scored = pd.DataFrame({"score": [0.7, 0.2, 0.6, 0.1], "prediction": [9, 9, 9, 9]})
    edges = decision_edges(ROWS, BINARY)
    outputs = contract_outputs(ROWS, scored, BINARY, edges)
    assert not isinstance(outputs, str)
    assert outputs["prediction"].to_dict() == {7: 1, 3: 0, 5: 1, 1: 1}
    assert outputs["score"].dropna().to_dict() == {7: 0.7, 3: 0.2, 5: 0.6}
    own = contract_outputs(ROWS, scored, BINARY, None)
    assert not isinstance(own, str)
    assert own["prediction"].eq(9).all()


@pytest.mark.parametrize(
    ("scored", "lacking"),
    [
        pytest.param({"prediction": ["a"]}, "score_a, score_b, score_c", id="no score"),
        pytest.param(
            {"score_a": [1.0], "score_b": [0.0], "score_c": [0.0]},
            "prediction",
            id="no class",
        ),
    ],
)
def test_version_that_gives_less_than_the_contract_names_says_so(
    scored: dict[str, list[object]], lacking: str
) -> None:
    """No column is made up."""
    rows = pd.DataFrame({"p_a": [0.5], "p_b": [0.2], "p_c": [0.3], "prediction": ["a"]})
    answer = contract_outputs(rows, pd.DataFrame(scored), CLASSES, None)
    assert answer == f"it gives no {lacking}"
