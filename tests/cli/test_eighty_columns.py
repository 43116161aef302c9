"""What people read in a terminal: every word whole, every number's horizon named."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitoring_tasks.cli import output
from monitoring_tasks.cli.app import app
from tests.scenarios import worlds

pytestmark = worlds.QUIET
RULE = re.compile("─+")
NO_VALUE = {"-", "drift"}
"""A cell without a value has no line of its own, nor has the name of its column."""
LOOKS = [
    ["status"],
    ["show", "loan"],
    ["show", "loan", "--day", worlds.CONFIRMED.isoformat()],
    ["incident", "list"],
    ["labels", "loan"],
    ["journal", "list", "loan"],
]


def printed(words: list[str], width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Type a command in a terminal so many columns wide; give what it prints."""
    with monkeypatch.context() as terminal:
        terminal.setattr(output.console, "_width", width)
        result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return RULE.sub("", result.stdout)


@pytest.mark.parametrize("width", [80])
def test_no_command_breaks_a_word(
    breached: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each word of the widest terminal stands in a narrow one, and lines fit."""
    del breached
    for words in LOOKS:
        wide = printed(words, 5000, monkeypatch)
        narrow = printed(words, width, monkeypatch)
        whole = {word.rstrip(":") for word in narrow.split()}
        shown = {word.rstrip(":") for word in wide.split()} - NO_VALUE
        assert shown <= whole, (words, shown - whole)
        long = [line for line in narrow.splitlines() if len(line) > width]
        assert all(len(line.split()) <= 2 for line in long), (words, long)


def test_show_names_the_horizon_of_each_number(
    breached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The days of a table, and each finding and reason of a day, say over how many."""
    del breached
    table = printed(["show", "loan"], 120, monkeypatch)
    assert table.count("1 day ") + table.count("1 day\n") >= 2
    day = printed(LOOKS[2], 5000, monkeypatch)
    found = [
        line for line in day.splitlines() if line.startswith(("realized", "drift"))
    ]
    assert found
    assert all(re.search(r"\b\d+ days?\b", line) for line in found)
    reasons = [line for line in day.splitlines() if line.startswith("  - realized")]
    assert all(re.search(r"over \d+ days?:", line) for line in reasons)
