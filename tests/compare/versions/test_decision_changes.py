"""Rows on which two versions decide otherwise."""

import pandas as pd
import pytest

from monitoring_tasks.compare.versions.decision_changes import (
    decision_changes,
    in_words,
)
from monitoring_tasks.contract.contract import Contract
from tests.builders import COLUMNS, make_contract

CONTRACT = make_contract(
    columns=COLUMNS | {"segments": ["origin"]}, policy={"min_group_rows": 30}
)
ORIGINS = ["EWR"] * 60 + ["JFK"] * 30 + ["LGA"] * 10


def rows(decisions: list[float]) -> pd.DataFrame:
    """Return rows of three airports with these decisions of the live version."""
    return pd.DataFrame(
        {"origin": ORIGINS, CONTRACT.columns.prediction: decisions}, index=range(7, 107)
    )


def test_share_is_of_the_whole_and_of_segments_with_enough_rows() -> None:
    """Ten rows of one airport say nothing by themselves."""
    other = pd.DataFrame({"prediction": [0] * 60 + [1] * 15 + [0] * 25})
    changes = decision_changes(rows([0.0] * 100), other, CONTRACT)
    assert [(c.segment, c.share, c.rows) for c in changes] == [
        ("all", 0.15, 100),
        ("origin=EWR", 0.0, 60),
        ("origin=JFK", 0.5, 30),
    ]
    assert in_words(changes) == (
        "; they decide otherwise on 15.0% of the day's rows, most where origin=JFK "
        "(50.0%)"
    )


def test_rows_without_a_decision_are_left_out() -> None:
    """Nobody decided there, so nobody decided otherwise."""
    other = pd.DataFrame({"prediction": [None] * 60 + [1.0] * 40})
    (whole, *_) = decision_changes(rows([0.0] * 100), other, CONTRACT)
    assert (whole.share, whole.rows) == (1.0, 40)


@pytest.mark.parametrize("lacking", ["prediction", "all"])
def test_no_decisions_to_compare_say_nothing(lacking: str) -> None:
    """A version that gives scores alone, or no row with both."""
    other = pd.DataFrame({"prediction": [None] * 100})
    other = other if lacking == "all" else other.rename(columns={"prediction": "score"})
    changes = decision_changes(rows([0.0] * 100), other, CONTRACT)
    assert (changes, in_words(changes)) == ((), "")


def regression() -> Contract:
    """A predicted number."""
    plain = CONTRACT.model_dump(mode="json") | {"problem": "regression"}
    plain["columns"]["score"] = None
    return Contract.model_validate(plain)


def test_predicted_numbers_change_when_they_move_materially() -> None:
    """By more than a tenth of how far predictions lie apart."""
    live = [float(number % 2) * 20 for number in range(100)]  # a spread of 10
    other = pd.DataFrame({"prediction": [live[0] + 0.9, *live[1:60]] + [9.0] * 40})
    (whole, *_) = decision_changes(rows(live), other, regression())
    assert whole.share == 0.4
