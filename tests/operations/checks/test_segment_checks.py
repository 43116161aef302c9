"""Objectives on segments that the reference has, or has not."""

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from monitoring_tasks.errors import SourceUnavailableError
from monitoring_tasks.operations.checks.segment_checks import check_segments
from monitoring_tasks.workspace.workspace import Workspace
from tests.builders import COLUMNS, MODEL, make_contract

ROWS = pd.DataFrame({"region": ["north", "north", "south", None], "code": [1, 2, 2, 3]})


def make_workspace(
    *segments: str, rows: int = 4, error: Exception | None = None
) -> Workspace:
    """A workspace whose live version has a reference of four kept rows."""
    contract = make_contract(
        columns=COLUMNS | {"segments": ["region", "code"]},
        objectives=[
            {"metric": "recall", "source": "realized", "min": 0.1, "segment": segment}
            for segment in segments
        ],
    )

    def alias_version(_: str, __: str) -> str:
        if error is not None:
            raise error
        return "3"

    made: Any = SimpleNamespace(
        contract=lambda _: contract,
        settings=SimpleNamespace(registry_url="http://mlflow"),
        registry=SimpleNamespace(alias_version=alias_version),
        reference=lambda *_: SimpleNamespace(profile=SimpleNamespace(rows=rows)),
        references=SimpleNamespace(rows=lambda *_: ROWS),
    )
    return cast("Workspace", made)


def test_segments_that_are_there_are_sound() -> None:
    """Text and numbers alike, written as they are counted."""
    assert check_segments(make_workspace("region=north", "code=2"), MODEL) == ([], [])


@pytest.mark.parametrize(
    ("segment", "says"),
    [
        ("region=nort", "did you mean 'north'?"),
        ("region=West", "it has north, south"),
        ("code=77", "it has 2, 1, 3"),
    ],
)
def test_segment_no_row_is_in_is_a_fault(segment: str, says: str) -> None:
    """Such an objective would be `no_data` every day."""
    (fault,), notes = check_segments(make_workspace(segment), MODEL)
    assert "no reference row of version 3 has" in fault
    assert says in fault
    assert notes == []


def test_what_only_a_sample_lacks_is_a_note() -> None:
    """A rare segment may be among the rows that were not kept."""
    faults, (note,) = check_segments(make_workspace("region=West", rows=5), MODEL)
    assert faults == []
    assert "it has north, south" in note


def test_a_registry_that_does_not_answer_is_a_note() -> None:
    """What was not looked up is said, and stops nothing."""
    workspace = make_workspace("region=north", error=SourceUnavailableError("down"))
    faults, (note,) = check_segments(workspace, MODEL)
    assert faults == []
    assert "down" in note
