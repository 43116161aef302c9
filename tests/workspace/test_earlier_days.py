from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.store.results import Results
from monitoring_tasks.workspace.earlier_days import EarlierDays
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import DAY, make_decision, make_unit

DAYS = 6


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace nothing was judged in."""
    with open_workspace(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def decided(workspace: Workspace) -> list[date]:
    """Decide some days before `DAY`, oldest first."""
    days = [DAY - timedelta(days=n) for n in range(DAYS, 0, -1)]
    for day in days:
        unit = make_unit(day=day)
        workspace.results.start(unit, predictions=None, labels=None, problem=None)
        workspace.results.save_decision(unit, make_decision(verdict=Verdict.OK))
    return days


@pytest.mark.parametrize("asked", [(2, 4, 6, 3), (6, 2), (1, 2, 9), (0, 3, 0)])
def test_every_span_has_its_days_and_none_is_read_twice(
    workspace: Workspace,
    decided: list[date],
    asked: tuple[int, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever was asked before: a longer span reads only what is further back."""
    read: list[Evaluation] = []
    current = Results.current

    def recorded(*args: object, **options: object) -> list[Evaluation]:
        read.extend(evaluations := current(*args, **options))  # type: ignore[arg-type]
        return evaluations

    monkeypatch.setattr(Results, "current", recorded)
    past = EarlierDays(workspace, make_unit(day=DAY, as_of=make_unit().as_of))
    for days in asked:
        expected = decided[-days:] if days else []
        assert [e.day for e in past.evaluations(days)] == expected
    assert sorted(e.day for e in read) == decided[-max(asked) :]
