from datetime import date
from typing import Any

import pandas as pd
import pytest

from monitoring_tasks.compare.versions.version_comparison import compare_version
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison
from tests.builders import make_contract

COUNT = 40
MULTICLASS: dict[str, Any] = {
    "problem": "multiclass",
    "classes": ("a", "b"),
}


def multiclass() -> Contract:
    """Two classes by name."""
    plain = make_contract().model_dump(mode="json")
    plain["columns"]["score"] = {"a": "score_a", "b": "score_b"}
    return Contract.model_validate(plain | MULTICLASS)


def compared(
    contract: Contract, rows: pd.DataFrame, candidate: pd.DataFrame
) -> Comparison:
    """Hold what another version said against the rows."""
    days = (date(2013, 9, 3),)
    return compare_version(rows, candidate, contract, version="2", days=days)


def test_classes_are_compared_by_whether_they_were_hit() -> None:
    """Live hits every second row, the other version all of them."""
    contract = multiclass()
    columns = contract.columns
    truth = ["a", "b"] * (COUNT // 2)
    rows = pd.DataFrame({columns.prediction: ["a"] * COUNT, columns.label: truth})
    found = compared(contract, rows, pd.DataFrame({"prediction": truth}))
    assert (found.metric, found.champion, found.candidate) == ("accuracy", 0.5, 1.0)


@pytest.mark.parametrize("given", ["int64", "float64", "str"])
def test_classes_in_numbers_are_hit_in_any_type(given: str) -> None:
    """Labels become floats beside one that is not known; the class is the same."""
    contract = multiclass()
    columns = contract.columns
    truth = [1, 0] * (COUNT // 2)
    rows = pd.DataFrame({columns.prediction: [1] * COUNT, columns.label: truth})
    rows = rows.astype({columns.prediction: given, columns.label: "float64"})
    found = compared(contract, rows, pd.DataFrame({"prediction": truth}))
    assert (found.champion, found.candidate) == (0.5, 1.0)


@pytest.mark.parametrize("offset", [0, 7], ids=["whole", "sampled"])
def test_rows_meet_by_place_whatever_their_index(offset: int) -> None:
    """A sample keeps the index of the rows it was taken from."""
    contract = make_contract()
    columns = contract.columns
    truth = [0.0, 1.0] * (COUNT // 2)
    rows = pd.DataFrame(
        {str(columns.score): 0.5, columns.label: truth},
        index=pd.RangeIndex(offset, offset + COUNT),
    )
    found = compared(contract, rows, pd.DataFrame({"score": truth}))
    assert (found.rows, found.champion, found.candidate) == (COUNT, 0.5, 1.0)


def test_version_without_probabilities_says_so() -> None:
    """A metric of ranks cannot come from classes; the reason names what lacks."""
    contract = make_contract()
    columns = contract.columns
    rows = pd.DataFrame({str(columns.score): [0.5], columns.label: [1.0]})
    found = compared(contract, rows, pd.DataFrame({"prediction": [1]}))
    assert (found.gain, found.reason) == (
        None,
        "it gives no score to compute roc_auc from",
    )
