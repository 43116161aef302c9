"""The operations page draws rollbacks and lists guards as the code has them."""

import ast
import re

import pytest

from monitoring_tasks.domain import incidents, rollbacks
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.rollbacks import RollbackState
from tests.papers.pages import PACKAGE, cells, section, words

OPERATIONS = "docs/operations.md"


def drawn_steps(name: str, title: str) -> set[tuple[str, str]]:
    """Return the arrows of the drawing of states under a heading."""
    return set(
        re.findall(r"^ +(\w+) --> (\w+)", section(name, title), flags=re.MULTILINE)
    )


def test_every_state_of_a_rollback_is_drawn() -> None:
    """Each state stands in the drawing, and no arrow is one the code forbids."""
    steps = drawn_steps(OPERATIONS, "The states")
    assert {state for step in steps for state in step} == set(RollbackState)
    allowed = {(a, b) for a, after in rollbacks.TRANSITIONS.items() for b in after}
    assert steps <= allowed


def test_every_step_of_an_incident_is_drawn() -> None:
    """The drawing of incidents is the table of allowed steps."""
    steps = drawn_steps("docs/architecture.md", "Incidents")
    assert {state for step in steps for state in step} == set(IncidentState)
    allowed = {(a, b) for a, after in incidents.TRANSITIONS.items() for b in after}
    assert steps == allowed


def asked_guards() -> list[tuple[str, str]]:
    """Return group and name of every guard the code asks, from its sources."""
    guards = []
    for path in sorted((PACKAGE / "respond").glob("*_guards.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                stated = {k.arg: k.value for k in node.keywords}
                group, name = stated.get("group"), stated.get("name")
                if isinstance(group, ast.Constant) and isinstance(name, ast.Constant):
                    guards.append((str(group.value), str(name.value)))
    return guards


def test_every_guard_is_listed() -> None:
    """The table of guards has each, under its number, and none that is gone."""
    guards = asked_guards()
    if not guards:
        pytest.fail("the guards are no longer written as `group=..., name=...`")
    rows = cells(section(OPERATIONS, "What has to be true"))
    listed = {(row[0], words(row[1])[0]) for row in rows}
    assert sorted(set(guards) - listed) == []
    paths = (PACKAGE / "respond").glob("*_guards.py")
    sources = "".join(path.read_text(encoding="utf-8") for path in paths)
    assert (
        sorted(name for _, name in listed if not re.search(rf"\b_?{name}\b", sources))
        == []
    )
