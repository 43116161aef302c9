"""A suite Great Expectations would silently cut short is refused, with the place."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.validate.suites.suite_files import (
    check_suite,
    load_suite,
    write_suite,
)

OLD_WORDS = "ignore:(Passing a string to the row|The condition_parser)"
"""How Great Expectations speaks of the conditions that suites on disk hold."""
ODD = 'naïve "x" col\''
MEAN = "expect_column_mean_to_be_between"
GOOD = {"type": MEAN, "severity": "warning", "kwargs": {"column": ODD, "max_value": 9}}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write expectations, the good one first, three lines a piece at least."""

    def make(*expectations: object, name: str = "predictions.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"expectations": [GOOD, *expectations]}, indent=1))
        return path

    return make


def stated(**changed: object) -> dict[str, Any]:
    kwargs = {"column": "distance", "min_value": 1}
    return {"type": MEAN, "severity": "warning", "kwargs": kwargs} | changed


def test_suite_is_loaded_whole(contract: Contract, write: Write) -> None:
    """A sound suite has no fault and keeps every expectation with its severity."""
    path = write(stated())
    statements = load_suite(path, contract)
    assert check_suite(path, contract) == []
    assert [s.severity for s in statements] == ["warning", "warning"]


@pytest.mark.filterwarnings(OLD_WORDS)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param(
            stated(type="expect_column_mean_to_be_betwen"),
            f"unknown type 'expect_column_mean_to_be_betwen'; did you mean {MEAN}",
            id="unknown type",
        ),
        pytest.param(
            stated(severity="fatal"),
            "unknown severity 'fatal'; known: critical, warning, info",
            id="bad severity",
        ),
        pytest.param(
            stated(kwargs={"column": "distanse", "min_value": 1}),
            "column 'distanse' is not declared in the contract; did you mean distance?",
            id="unknown column",
        ),
        pytest.param(
            stated(
                type="expect_compound_columns_to_be_unique",
                kwargs={"column_list": ["id", "what"]},
            ),
            "column 'what' is not declared in the contract",
            id="unknown column in a list",
        ),
        pytest.param(
            stated(kwargs={"column": 5, "min_value": 1}),
            "column '5' is not declared in the contract",
            id="a number for a column",
        ),
        pytest.param(
            stated(kwargs={"column": None, "min_value": 1}),
            "none is not an allowed value",
            id="nothing for a column",
        ),
        pytest.param(
            stated(kwargs={"column": "label", "min_value": 1}),
            "column 'label' is not declared in the contract",
            id="a column of labels in the suite of predictions",
        ),
        pytest.param(
            stated(kwargs={"column": "distance", "min_value": 3, "max_value": 1}),
            "min_value (3) lies above max_value (1): nothing can meet it",
            id="min above max",
        ),
        pytest.param(
            stated(kwargs={"column": "at", "min_value": "2024-01-01"}),
            "write '2024-01-01T00:00:00'",
            id="date for an instant",
        ),
        pytest.param(
            stated(kwargs={"column": "distance", "min_value": {"$PARAMETER": "x"}}),
            "suite parameters are not supported",
            id="parameter",
        ),
        pytest.param(
            stated(kwargs={"column": "distance", "minimum": 1}),
            "minimum extra fields not permitted",
            id="unknown argument",
        ),
        pytest.param(
            stated(kwargs={"column": "distance", "row_condition": "size > 3"}),
            "row_condition: name 'size' is not defined; the contract does not declare",
            id="condition on an unknown column",
        ),
        pytest.param(
            stated(kwargs={"column": "distance", "row_condition": "distance >"}),
            "row_condition 'distance >' cannot be evaluated: invalid syntax",
            id="condition that cannot be read",
        ),
        pytest.param(
            stated(
                kwargs={
                    "column": "distance",
                    "row_condition": 'col("size") > 3',
                    "condition_parser": "great_expectations",
                }
            ),
            "row_condition: name 'size' is not defined",
            id="condition in the older words of Great Expectations",
        ),
        pytest.param(stated(kind=1), "unknown key 'kind'", id="unknown key"),
        pytest.param({"type": MEAN}, "the key `kwargs` is required", id="no kwargs"),
        pytest.param("mean", "is not an object", id="not an object"),
        pytest.param(GOOD, "repeats expectations[0]; remove one", id="said twice"),
    ],
)
def test_fault_is_named_with_its_place(
    contract: Contract, write: Write, wrong: object, said: str
) -> None:
    """Each fault names file, line and position; loading raises the same text."""
    path = write(wrong)
    (fault,) = check_suite(path, contract)
    text = path.read_text().splitlines()
    line = 1 + max(i for i, row in enumerate(text) if row.startswith(("  {", '  "')))
    assert fault.startswith(f"{path}:{line}: expectations[1]: ")
    assert said in fault
    with pytest.raises(ConfigurationError) as raised:
        load_suite(path, contract)
    assert str(raised.value) == fault


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", ":1:1: not JSON: the file is empty", id="empty"),
        pytest.param('{\n "name": oops}', ":2:10: not JSON", id="not JSON"),
        pytest.param("[]", ":1: a suite is an object", id="a list"),
        pytest.param("{}", ":1: `expectations` must be", id="no expectations"),
        pytest.param('{"expectations": []}', ":1: `expectations` must be", id="none"),
        pytest.param('{"expectation": [1]}', ":1: unknown key 'expec", id="misspelt"),
        pytest.param('{"name": 3}', ":1: name must be a text", id="name"),
    ],
)
def test_file_that_is_no_suite_is_refused(
    contract: Contract, tmp_path: Path, text: str, said: str
) -> None:
    """A file that states nothing would pass every day, so it is a fault."""
    path = tmp_path / "predictions.json"
    path.write_text(text)
    (fault,) = check_suite(path, contract)
    assert fault.startswith(f"{path}{said}")


def test_file_that_cannot_be_read_is_a_fault(
    contract: Contract, tmp_path: Path
) -> None:
    """An absent file and one in another encoding are named, not raised."""
    path = tmp_path / "predictions.json"
    assert "cannot be read" in check_suite(path, contract)[0]
    path.write_bytes(b'{"name": "\xff"}')
    assert "is not UTF-8" in check_suite(path, contract)[0]


def test_every_fault_is_listed_at_once(contract: Contract, write: Write) -> None:
    """One run shows all that has to be fixed."""
    path = write(stated(severity="fatal"), stated(type="expect_nothing"))
    assert len(check_suite(path, contract)) == 2


def test_labels_may_name_only_their_columns(contract: Contract, write: Write) -> None:
    """`labels.json` speaks of id and label; a feature in it would never be there."""
    path = write(stated(kwargs={"column": "label", "max_value": 1}), name="labels.json")
    (fault,) = check_suite(path, contract)
    assert "column 'naïve" in fault


def test_suite_written_is_read_back(contract: Contract, tmp_path: Path) -> None:
    """Writing keeps accents readable, and what is written is sound."""
    path = tmp_path / "predictions.json"
    write_suite(path, {"name": "s", "expectations": [GOOD]})
    assert "naïve" in path.read_text(encoding="utf-8")
    (statement,) = load_suite(path, contract)
    assert statement.kwargs == {"column": ODD, "max_value": 9}
