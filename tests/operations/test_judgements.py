from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitoring_tasks.domain.decisions import Action, Cause, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.operations.judgements import alert_of, judgement_of
from monitoring_tasks.respond.step import read_page_terms
from monitoring_tasks.settings import load_settings
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import MODEL, make_decision, make_incident
from tests.domain.test_silences import SILENCE
from tests.operations.days import FIRST, Look, write_workspace

ASKED = {"airflow_alert": {"severity": "P1", "task": "skipped"}}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose contract asks for an alert from P1 on, pages served."""
    write_workspace(tmp_path, response=ASKED)
    with (tmp_path / "daywatch.yaml").open("a") as file:
        file.write("reports_url: https://pages.example.org/daywatch/\n")
    with open_workspace(tmp_path) as workspace:
        yield workspace


def write_day(
    workspace: Workspace, *, severity: Severity | None, mode: Mode = Mode.LIVE
) -> Unit:
    """Write a day in breach of this severity, with an awkward reason."""
    unit = Look(mode=mode, verdict=Verdict.BREACH).write(workspace, FIRST)
    reasons = (f"mae is 9\x1b[2J at least{'!' * 400}", "it has lasted")
    decision = make_decision(
        verdict=Verdict.BREACH, severity=severity, cause=Cause.MODEL, reasons=reasons
    )
    workspace.results.save_decision(unit, decision)
    return unit


def test_judgement_says_what_was_decided_and_where_the_page_is(
    workspace: Workspace,
) -> None:
    """Reasons lose control characters and length, never their beginning."""
    told = judgement_of(workspace, write_day(workspace, severity=Severity.P1))
    assert (told["verdict"], told["severity"], told["cause"]) == (
        "breach",
        "P1",
        "model",
    )
    assert told["page"] == f"https://pages.example.org/daywatch/{MODEL}/{FIRST}.html"
    first, second = told["reasons"]
    assert first.startswith("mae is 9 [2J at least!!")
    assert first.endswith("!...")
    assert (len(first), second) == (303, "it has lasted")


@pytest.mark.parametrize(
    ("severity", "mode", "task", "said"),
    [
        (Severity.P0, Mode.LIVE, "skipped", f"{MODEL} {FIRST}: breach P0: mae is 9"),
        (Severity.P1, Mode.LIVE, "skipped", f"{MODEL} {FIRST}: breach P1: mae is 9"),
        (Severity.P2, Mode.LIVE, "success", "has severity P2; the contract asks from"),
        (None, Mode.LIVE, "success", "has no severity"),
        (Severity.P0, Mode.BACKFILL, "success", "a backfill run alerts nobody"),
        (Severity.P0, Mode.DRY_RUN, "success", "a dry_run run alerts nobody"),
    ],
)
def test_alert_answers_to_grave_days_of_live_runs_only(
    workspace: Workspace, *, severity: Severity | None, mode: Mode, task: str, said: str
) -> None:
    """From the contract's severity on; whatever does not act alerts nobody."""
    alert = alert_of(workspace, write_day(workspace, severity=severity, mode=mode))
    assert alert["task"] == task
    assert said in alert["text"]


@pytest.mark.parametrize(("silenced", "task"), [(True, "success"), (False, "skipped")])
def test_alert_keeps_quiet_about_a_silenced_incident(
    workspace: Workspace, *, silenced: bool, task: str
) -> None:
    """What nobody is to be paged about ends no task badly."""
    unit = write_day(workspace, severity=Severity.P1)
    starts = unit.as_of - timedelta(hours=1)
    wish = replace(
        SILENCE,
        model=MODEL,
        severity_at_most=Severity.P1,
        starts_at=starts,
        ends_at=starts + timedelta(days=1),
    )
    if silenced:
        workspace.silences.add(wish, longest_days=14)
    opened = workspace.incidents.report(
        make_incident(severity=Severity.P1, opened_at=unit.as_of),
        text="so",
        detail={},
        terms=read_page_terms(Day(workspace, unit), make_decision(rollback_to=None)),
    )
    action = Action(kind="incident", text="opened", incident=opened.id)
    workspace.results.save_action(unit, action)
    assert alert_of(workspace, unit)["task"] == task


def test_page_of_a_workspace_that_nothing_serves_is_a_file(tmp_path: Path) -> None:
    """Without `reports_url` the address is that of the file, spaces and all."""
    settings = load_settings(tmp_path / "a b")
    page = settings.page_address("m", date(2024, 3, 1) + timedelta(days=1))
    assert page == f"file://{tmp_path}/a%20b/reports/m/2024-03-02.html"
