"""Pages counted, and what a fleet's contracts promise."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks.compare import limit_checks
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.operations.alarm_budget import count_pages, expected_false_pages
from monitoring_tasks.operations.policy import limit_basis_of_model
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL, NOW, make_incident
from tests.operations.days import FIRST, Look, write_workspace
from tests.scenarios import worlds

pytestmark = worlds.QUIET


def paged(days_ago: float, **parts: object) -> Incident:
    """Return an incident about which somebody was paged so long ago."""
    return make_incident(paged_at=NOW - timedelta(days=days_ago), **parts)


@pytest.mark.parametrize(
    ("days_ago", "week", "year"),
    [(0, 1, 1), (6.9, 1, 1), (7, 0, 1), (364.9, 0, 1), (365, 0, 0), (-1, 0, 0)],
)
def test_pages_of_the_last_week_and_year_are_counted(
    days_ago: float, week: int, year: int
) -> None:
    """Seven and 365 days back, and nothing that is still to come."""
    found = count_pages([paged(days_ago)], now=NOW, pages_a_week=10)
    assert (found.paged_week, found.paged_year) == (week, year)


def test_what_is_held_back_is_counted_by_why() -> None:
    """By the budget, by a silence, by a common cause; what is over is not held."""
    held = [
        make_incident(merged_into="digest-2013-09-03"),
        make_incident(silenced_by="s"),
        make_incident(merged_into="common_cause-1"),
        make_incident(silenced_by="s", state=IncidentState.RESOLVED),
        paged(1, state=IncidentState.FALSE_POSITIVE),
    ]
    found = count_pages(held, now=NOW, pages_a_week=10)
    assert (found.gathered, found.silenced, found.merged) == (1, 1, 1)
    assert (found.false_year, found.paged_year) == (1, 1)


def test_promise_is_drawn_once_for_a_contract_and_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept is read again; unknown is not nothing, and is not kept."""
    home = write_workspace(tmp_path / "home")
    with open_workspace(home) as workspace:
        Look().write(workspace, FIRST)
        assert expected_false_pages(workspace, MODEL) is None
        folder = home / "cache" / "false-pages"
        assert not folder.exists()
        monkeypatch.setattr(limit_basis_of_model, "limit_basis_of", lambda *_: _Basis())
        monkeypatch.setattr(limit_checks, "promised_alarms", lambda *_, **__: None)
        assert expected_false_pages(workspace, MODEL) is None
        (kept,) = folder.iterdir()
        kept.write_text(json.dumps(0.5))
        assert expected_false_pages(workspace, MODEL) == 0.5


class _Basis:
    """A basis nobody looks into."""

    contract = None


def test_count_is_plain_json() -> None:
    """Every part of it is a number."""
    found = count_pages([], now=NOW, pages_a_week=3)
    assert replace(found, paged_week=2).as_json()["paged_week"] == 2
