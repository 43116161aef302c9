from types import SimpleNamespace
from typing import Any, cast

import pytest

from monitoring_tasks.errors import SourceUnavailableError, VersionMissingError
from monitoring_tasks.operations.checks.alias_checks import check_alias
from monitoring_tasks.workspace.workspace import Workspace
from tests.builders import MODEL, make_contract


def make_workspace(error: Exception | None = None, **parts: object) -> Workspace:
    """A workspace whose registry knows the alias `champion`, or raises."""
    contract = make_contract(**parts)

    def aliases(_: str) -> dict[str, str]:
        if error is not None:
            raise error
        return {"champion": "1"}

    made: Any = SimpleNamespace(
        contract=lambda _: contract, registry=SimpleNamespace(aliases=aliases)
    )
    return cast("Workspace", made)


def test_check_says_nothing_of_an_alias_that_is_there() -> None:
    """The usual contract is sound."""
    assert check_alias(make_workspace(), MODEL) == ([], [])


@pytest.mark.parametrize("mode", ["approve", "auto"])
def test_an_absent_alias_is_a_fault_where_it_shall_be_moved(mode: str) -> None:
    """Capitals count in a registry; the aliases there are stand beside."""
    workspace = make_workspace(alias="Champion", response={"mode": mode})
    (fault,), notes = check_alias(workspace, MODEL)
    assert "no alias 'Champion' of model 'flights' (it has: champion)" in fault
    assert notes == []


def test_an_absent_alias_is_a_note_where_nothing_is_moved() -> None:
    """A model that is only observed need not have one."""
    faults, (note,) = check_alias(make_workspace(alias="Champion"), MODEL)
    assert faults == []
    assert "it has: champion" in note


def test_a_model_that_is_not_registered_yet_is_no_fault_of_the_alias() -> None:
    """A contract comes before the first version."""
    workspace = make_workspace(VersionMissingError("no such model"))
    assert check_alias(workspace, MODEL) == ([], [])


def test_a_registry_that_does_not_answer_is_a_note() -> None:
    """What was not looked up is said, and stops nothing."""
    faults, (note,) = check_alias(make_workspace(SourceUnavailableError("down")), MODEL)
    assert faults == []
    assert "not looked up: down" in note
