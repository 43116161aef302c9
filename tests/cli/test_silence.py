"""`silence add`, `list` and `end`; what `status`, `incidents` and pages say of it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.respond.step import read_page_terms
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL, make_decision, make_incident
from tests.operations.days import FIRST, Look, at, write_workspace
from tests.scenarios import worlds

pytestmark = worlds.QUIET
WHY = ("--reason", "the feed is being moved", "--by", "jo")


def ask(home: Path, *words: str) -> Result:
    """Type a command."""
    return CliRunner().invoke(app, [*words, "--home", str(home)])


def parsed(home: Path, *words: str) -> Any:  # noqa: ANN401 (JSON)
    """Type a command with --json; give what it prints."""
    result = ask(home, *words, "--json")
    assert result.exit_code == ExitCode.DONE, result.output
    return json.loads(result.stdout)


@pytest.fixture(autouse=True)
def no_alias(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is registered, and nobody asks."""
    monkeypatch.setattr(
        "monitoring_tasks.store.registry.Registry.alias_version", lambda *_: None
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One judged day, so that it is six in the morning after it."""
    home = write_workspace(tmp_path / "home")
    with open_workspace(home) as workspace:
        Look().write(workspace, FIRST)
    return home


def test_silence_begins_now_and_is_listed_until_it_ends(home: Path) -> None:
    """Who, why and until when; ended early, it is still told of."""
    added = parsed(home, "silence", "add", MODEL, "--days", "2", *WHY)
    assert (added["starts_at"], added["ends_at"]) == (
        "2024-03-02 06:00:00+00:00",
        "2024-03-04 06:00:00+00:00",
    )
    assert (added["severity_at_most"], added["actor"]) == ("P2", "jo")
    (listed,) = parsed(home, "silence", "list")
    assert (listed["id"], listed["state"]) == (added["id"], "acts")
    ended = parsed(home, "silence", "end", added["id"], *WHY)
    assert ended["ended_at"] == "2024-03-02 06:00:00+00:00"
    assert parsed(home, "silence", "list", MODEL)[0]["state"] == "ended"
    assert "jo:" in ask(home, "silence", "list").stdout


def test_until_is_the_end_of_that_day_in_the_models_zone(home: Path) -> None:
    """The whole last day is silent, and no more."""
    added = parsed(home, "silence", "add", MODEL, "--until", "2024-03-03", *WHY)
    assert added["ends_at"] == "2024-03-04 00:00:00+00:00"


def test_days_judged_from_now_on_fall_under_it(home: Path) -> None:
    """The day after is judged while it lasts; the one after its end is not."""
    ask(home, "silence", "add", MODEL, "--cause", "data", "--days", "2", *WHY)
    with open_workspace(home) as workspace:
        found = []
        for offset in range(3):
            unit = Look(verdict=Verdict.BREACH).write(
                workspace, FIRST + timedelta(days=offset)
            )
            terms = read_page_terms(
                Day(workspace, unit), make_decision(rollback_to=None)
            )
            found.append([one.cause for one in terms.silences])
    assert found == [[Cause.DATA], [Cause.DATA], []]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--days", "15"), ExitCode.FAULT, "14 days"),
        (("--until", "2024-03-01"), ExitCode.FAULT, "has to end"),
        (("--days", "2", "--severity-at-most", "P0"), ExitCode.FAULT, "a P0 cannot"),
        (
            ("--days", "2", "--until", "2024-03-03"),
            ExitCode.USAGE,
            "--until DAY or --days N",
        ),
        ((), ExitCode.USAGE, "--until DAY or --days N"),
    ],
    ids=["too long", "over already", "P0", "two ends", "no end"],
)
def test_silence_that_may_not_be_is_refused(
    home: Path, words: tuple[str, ...], code: ExitCode, said: str
) -> None:
    """The error says what would be right, and nothing is kept."""
    result = ask(home, "silence", "add", MODEL, *words, *WHY)
    assert (result.exit_code, said in result.output) == (code, True)
    assert parsed(home, "silence", "list") == []


def test_unknown_silence_or_model_is_named(home: Path) -> None:
    """A slip of the pen is told of."""
    assert "no silence 'x'" in ask(home, "silence", "end", "x", *WHY).output
    words = ("silence", "add", "nobody", "--days", "2", *WHY)
    assert ask(home, *words).exit_code == ExitCode.FAULT


def test_status_tells_of_pages_promise_and_silences(home: Path) -> None:
    """What was spent of the week, what is expected of a year, what is silent."""
    with open_workspace(home) as workspace:
        seen = make_incident(severity=Severity.P1, opened_at=at(FIRST, 6))
        workspace.incidents.report(seen, text="-", detail={})
    name = parsed(home, "silence", "add", MODEL, "--days", "2", *WHY)["id"]
    (line,) = parsed(home, "status")
    alarms = line["alarms"]
    assert (alarms["paged_week"], alarms["pages_a_week"]) == (1, 10)
    assert (alarms["silences"], alarms["expected_false_pages_a_year"]) == ([name], None)
    plain = " ".join(ask(home, "status").stdout.split())
    assert "pages: 1 in the last 7 days, 10 are allowed" in plain
    assert f"0 contracts (unknown: {MODEL}); 1 pages in the last 365 days" in plain
    assert f"active silences: {name}" in plain
    told = ask(home, "incident", "list").stdout
    assert "to be paged 2024-03-02 06:00 UTC" in told


def test_status_without_a_judged_day_says_nothing_of_pages(tmp_path: Path) -> None:
    """Nothing was looked at, so nothing is counted."""
    result = ask(write_workspace(tmp_path / "home"), "status")
    assert (result.exit_code, "pages:" in result.stdout) == (ExitCode.DONE, False)
