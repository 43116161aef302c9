"""`journal list`, `journal verify`, `journal champion`."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from monitoring_tasks.domain.journal import Line
from monitoring_tasks.domain.version_tags import HEAD_TAG
from monitoring_tasks.errors import SourceUnavailableError, VersionMissingError
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.schema import JournalRow
from monitoring_tasks.store.versions import Version
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL
from tests.operations.days import write_workspace

FIRST = datetime(2024, 3, 1, 6, tzinfo=UTC)


def line(state: str, hours: int, to: str, **parts: Any) -> Line:  # noqa: ANN401 (fields)
    """Return a line about the alias, so many hours after the first."""
    known: dict[str, Any] = {
        "key": f"{MODEL}@champion",
        "state": state,
        "at": FIRST + timedelta(hours=hours),
        "model": MODEL,
        "alias": "champion",
        "to_version": to,
        "reason": f"{state} at {to}",
        "actor": "outside",
    }
    return Line(**known | parts)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Seen at 1, moved to 2 by Daywatch ten hours on, to 3 by others two days on."""
    home = write_workspace(tmp_path / "home")
    with open_workspace(home) as workspace:
        workspace.journal.append(line("seen", 0, "1"))
        workspace.journal.append(line("approved", 9, "2", actor="ann"))
        workspace.journal.append(line("applied", 10, "2", actor="ann"))
        workspace.journal.append(line("outside", 48, "3"))
    no_heads(monkeypatch)
    return home


def no_heads(monkeypatch: pytest.MonkeyPatch, *heads: str) -> None:
    """Let the registry keep these heads, one a version, and no others."""
    versions = [
        Version(model=MODEL, version=str(i), status="READY", tags={HEAD_TAG: head})
        for i, head in enumerate(heads)
    ]
    monkeypatch.setattr(Registry, "versions", lambda *_: versions)


def ask(home: Path, *words: str) -> Result:
    """Type a command."""
    return CliRunner().invoke(app, ["journal", *words, "--home", str(home)])


def parsed(home: Path, *words: str, code: int = ExitCode.DONE) -> Any:  # noqa: ANN401 (JSON)
    """Type a command with --json; give what it prints."""
    result = ask(home, *words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def meddle(home: Path, statement: Any) -> None:  # noqa: ANN401 (SQL)
    """Change the journal behind Daywatch's back."""
    with (
        open_workspace(home) as workspace,
        workspace.database.transaction() as connection,
    ):
        connection.execute(statement)


def test_journal_lists_what_happened(home: Path) -> None:
    """Every line, with who and why; guards and digests for machines."""
    lines = parsed(home, "list", MODEL)
    assert [one["state"] for one in lines] == ["seen", "approved", "applied", "outside"]
    assert lines[1]["previous"] == lines[0]["digest"]
    assert "outside at 3" in " ".join(ask(home, "list", MODEL).stdout.split())
    assert ask(home, "list", "nobody").exit_code == ExitCode.FAULT


def test_whole_journal_says_its_head(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head the registry keeps is that of a line that is here."""
    heads = [one["digest"] for one in parsed(home, "list", MODEL)]
    no_heads(monkeypatch, heads[2])
    found = parsed(home, "verify")
    assert (found["ok"], found["lines"], found["head"]) == (True, 4, heads[-1])
    assert [one["found"] for one in found["mirrored"]] == [True]
    assert heads[-1] in ask(home, "verify").stdout


def test_changed_line_is_named(home: Path) -> None:
    """Exit 1, and which line it was."""
    row = JournalRow
    meddle(home, sa.update(row).where(row.number == 3).values(to_version="9"))
    found = parsed(home, "verify", code=ExitCode.FAULT)
    assert found["broken"] == "line 3 was changed after it was written"
    assert "line 3 was changed" in ask(home, "verify").stdout


def test_journal_cut_short_is_found_out(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chain holds, but the registry knows a head that is not here."""
    head = parsed(home, "list", MODEL)[-1]["digest"]
    no_heads(monkeypatch, head)
    meddle(home, sa.delete(JournalRow).where(JournalRow.number == 4))
    found = parsed(home, "verify", code=ExitCode.FAULT)
    assert (found["broken"], found["ok"], found["cut"]) == (None, False, [4])
    result = ask(home, "verify")
    assert (result.exit_code, "cut short" in result.stdout) == (ExitCode.FAULT, True)
    meddle(home, sa.delete(JournalRow))
    assert parsed(home, "verify", code=ExitCode.FAULT)["lines"] == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SourceUnavailableError("it is down"), ExitCode.TRY_AGAIN),
        (VersionMissingError("no such model"), ExitCode.DONE),
    ],
    ids=["down", "not registered yet"],
)
def test_registry_that_cannot_be_asked_is_no_clean_bill(
    home: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: ExitCode
) -> None:
    """Without its answer nobody says that the end is there."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Registry, "versions", fail)
    assert ask(home, "verify").exit_code == code


@pytest.mark.parametrize(
    ("at", "versions"),
    [
        ("2024-03-01T05:59Z", [None]),
        ("2024-03-01T06:00Z", ["1"]),
        ("2024-03-01T15:59", ["1"]),
        ("2024-03-01T16:00+00:00", ["2"]),
        ("2024-02-28", [None]),
        ("2024-03-01", [None, "1", "2"]),
        ("2024-03-02", ["2"]),
        ("2024-03-03", ["2", "3"]),
        ("2030-01-01", ["3"]),
    ],
)
def test_champion_of_any_instant(home: Path, at: str, versions: list[str]) -> None:
    """What stood then, by which line; before the first look nothing is known."""
    found = parsed(home, "champion", MODEL, "--at", at)
    assert [one["version"] for one in found["stands"]] == versions
    assert found["known_since"] == str(FIRST)


def test_champion_says_since_when_and_what_is_not_known(home: Path) -> None:
    """A move by others is known from when it was noticed, and that is said."""
    said = ask(home, "champion", MODEL, "--at", "2024-03-02").stdout
    assert "version 2 since 2024-03-01 16:00 UTC (line 3, applied by ann" in said
    assert "moved by somebody else, noticed 2024-03-03 06:00 UTC" in said
    said = ask(home, "champion", MODEL, "--at", "2024-02-28").stdout
    assert "unknown before 2024-03-01 06:00 UTC" in said


@pytest.mark.parametrize("at", ["yesterday", "2024-13-01", "2024-03-01T99:00"])
def test_instant_that_is_none_is_wrong_usage(home: Path, at: str) -> None:
    """The error shows how to write one."""
    result = ask(home, "champion", MODEL, "--at", at)
    assert (result.exit_code, "is no instant" in result.output) == (2, True)
