"""Retrospectives: one page a span, told once, models that fail named."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incident_actions import ActionType
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import Message
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.learn.retrospective.content import Period, Span
from monitoring_tasks.operations.messages.composing import compose
from monitoring_tasks.operations.retrospective.writing import (
    write_due,
    write_retrospective,
)
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import make_incident
from tests.operations.days import FIRST, SLO, Look, at, write_workspace

SPAN = Span(first=FIRST, last=FIRST + timedelta(days=6))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Three days: good, bad, blind; an incident called false, an overdue action."""
    home = write_workspace(tmp_path / "home", SLO)
    channels = {
        "mail": {"kind": "email", "connection": "smtp", "to": ["a@b.example"]},
        "pager": {"kind": "pagerduty", "connection": "pd"},
    }
    settings = {"clock": "simulated", "channels": channels}
    (home / "daywatch.yaml").write_text(yaml.safe_dump(settings))
    with open_workspace(home) as workspace:
        Look().write(workspace, FIRST)
        bad = Look(verdict=Verdict.BREACH, judged=Verdict.BREACH, value=0.5)
        bad.write(workspace, FIRST + timedelta(days=1))
        Look().write(workspace, FIRST + timedelta(days=3))
        entry = Entry(at=at(FIRST, 6), actor="kim", text="fix the unit")
        shown = make_incident(
            onset_day=FIRST, last_day=FIRST, opened_at=entry.at, paged_at=entry.at
        )
        workspace.incidents.report(shown, text="<b>it broke</b>", detail={})
        workspace.incident_work.add_action(
            shown.id, ActionType.PREVENT, entry, owner="kim", due=FIRST
        )
        workspace.incidents.take_to(shown.id, IncidentState.FALSE_POSITIVE, entry)
        yield workspace


def told(workspace: Workspace) -> list[Message]:
    """Return the messages about retrospectives; the incident has some of its own."""
    waiting = workspace.outbox.waiting()
    return [message for message in waiting if message.occasion is Occasion.REVIEW]


def test_page_says_what_the_span_held(workspace: Workspace) -> None:
    """Days, alarms, promises and what is overdue; the same span is the same page."""
    written = write_retrospective(workspace, Period.WEEKLY, span=SPAN)
    (model,) = written.retrospective.models
    assert (model.judged_days, model.breach_days) == (3, 1)
    assert model.blind_days == (FIRST + timedelta(days=2),)
    assert (model.alarms.precision, model.alarms.false) == (0.0, 1)
    assert [action.text for action in written.retrospective.overdue] == ["fix the unit"]
    assert [slo["name"] for slo in model.slos] == ["auc"]
    page = written.page.read_text()
    assert "overdue since 2024-03-01" in page
    assert "Missing: no version of a contract" in page
    assert write_retrospective(workspace, Period.WEEKLY, span=SPAN).page == written.page


def test_channels_that_take_it_are_told_once(workspace: Workspace) -> None:
    """Mail is; a pager is not. A second run of the same span tells nobody again."""
    for _ in range(2):
        write_retrospective(workspace, Period.WEEKLY, span=SPAN, tells=True)
    (message,) = told(workspace)
    assert message.channel == "mail"
    notice = compose(workspace, message)
    assert notice.headline == "Weekly retrospective, 2024-03-01 to 2024-03-07"
    assert "1 action item is open, 1 overdue" in notice.text


def test_broken_contract_is_named_and_hides_no_other_model(
    workspace: Workspace,
) -> None:
    """What is known without the contract is told."""
    folder = workspace.settings.expectations / "broken"
    folder.mkdir()
    (folder / "monitor.yaml").write_text("model: broken\n")
    written = write_retrospective(workspace, Period.WEEKLY, span=SPAN)
    broken, flights = written.retrospective.models
    assert broken.fault
    assert (flights.fault, flights.judged_days) == ("", 3)


@pytest.mark.parametrize(
    ("day", "pages"), [("2024-03-11", 1), ("2024-04-01", 2), ("2024-04-08", 1)]
)
def test_first_monday_of_a_quarter_writes_both(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, day: str, pages: int
) -> None:
    """A dry run writes the pages and tells nobody."""
    monkeypatch.setenv("DAYWATCH_HOME", str(workspace.settings.home))
    done = write_due(as_of=f"{day}T07:00:00+00:00", mode="dry_run")
    assert (len(done["pages"]), done["messages"]) == (pages, 0)
    assert told(workspace) == []
