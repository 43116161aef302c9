"""`hold place`, `hold list` and `hold release`."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL
from tests.operations.days import FIRST, Look, write_workspace

WHY = ("--reason", "the registry is being moved", "--by", "jo")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One judged day, so that it is six in the morning after it."""
    home = write_workspace(tmp_path / "home")
    with open_workspace(home) as workspace:
        Look().write(workspace, FIRST)
    return home


def ask(home: Path, *words: str) -> Result:
    """Type a command."""
    return CliRunner().invoke(app, [*words, "--home", str(home)])


def parsed(home: Path, *words: str) -> Any:  # noqa: ANN401 (JSON)
    """Type a command with --json; give what it prints."""
    result = ask(home, *words, "--json")
    assert result.exit_code == ExitCode.DONE, result.output
    return json.loads(result.stdout)


def test_hold_is_listed_until_it_is_released(home: Path) -> None:
    """Who, why and since when; released, it acts no more; both are in the journal."""
    placed = parsed(home, "hold", "place", MODEL, *WHY)
    assert (placed["kind"], placed["actor"]) == ("kill_switch", "jo")
    assert placed["at"] == "2024-03-02 06:00:00+00:00"
    (listed,) = parsed(home, "hold", "list", MODEL)
    assert listed == placed
    plain = ask(home, "hold", "list").stdout
    assert placed["id"] in plain
    assert "jo: the registry" in " ".join(plain.split())
    assert parsed(home, "hold", "release", placed["id"], *WHY)["id"] == placed["id"]
    assert parsed(home, "hold", "list") == []
    assert "no holds" in ask(home, "hold", "list").stdout
    lines = parsed(home, "journal", "list", MODEL)
    assert [line["state"] for line in lines] == ["hold", "hold_lifted"]


def test_hold_on_all_counts_for_each_model(home: Path) -> None:
    """A legal hold on everything is among the holds of a single model."""
    kind = ("--kind", "legal_hold")
    placed = parsed(home, "hold", "place", "--all", *kind, *WHY)
    assert (placed["model"], placed["kind"]) == ("*", "legal_hold")
    assert parsed(home, "hold", "list", MODEL) == [placed]
    assert (
        "legal_hold on all models"
        in ask(home, "hold", "place", "--all", *kind, *WHY).stdout
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("place", *WHY), ExitCode.USAGE, "--all"),
        (("place", MODEL, "--all", *WHY), ExitCode.USAGE, "--all"),
        (("place", MODEL), ExitCode.USAGE, "--reason"),
        (("place", MODEL, "--reason", "because"), ExitCode.FAULT, "say why"),
        (("place", "nobody", *WHY), ExitCode.FAULT, "nobody"),
        (("release", "hold-1", *WHY), ExitCode.FAULT, "no active hold 'hold-1'"),
    ],
    ids=["nothing", "both", "no reason", "short reason", "no such model", "no hold"],
)
def test_hold_that_cannot_be_meant_is_refused(
    home: Path, words: tuple[str, ...], code: ExitCode, said: str
) -> None:
    """The error says what would be right, and nothing is placed."""
    result = ask(home, "hold", *words)
    assert (result.exit_code, said in result.output) == (code, True)
    assert parsed(home, "hold", "list") == []


def test_hold_can_be_placed_before_any_day_was_judged(tmp_path: Path) -> None:
    """A kill switch is there from the first day on."""
    home = write_workspace(tmp_path / "home")
    assert parsed(home, "hold", "place", "--all", *WHY)["model"] == "*"
