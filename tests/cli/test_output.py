"""What is printed for people, whatever the text holds."""

import io
import json
import subprocess
import sys

import pytest
from rich.text import Text
from typer.testing import CliRunner

from monitoring_tasks.cli import output
from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode, print_json, print_table
from monitoring_tasks.cli.terminal import SafeConsole, assembled, visible

CONTROLS = ["\x1b[2J", "\x1b]0;title\x07", "\r", "\x9b2J", "\x7f", "\u202e"]
RAW = {"\x1b", "\x07", "\r", "\x9b", "\x7f", "\u202e"}


def printed(what: object, width: int = 80) -> str:
    """Print something to a terminal and give what the terminal is sent."""
    sent = io.StringIO()
    SafeConsole(file=sent, force_terminal=True, color_system=None, width=width).print(
        what
    )
    return sent.getvalue().rstrip("\n")


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("as_what", [str, Text, assembled])
def test_control_characters_never_reach_the_terminal(
    control: str, as_what: type
) -> None:
    """Escape sequences and turned text are written out, however they were made."""
    sent = printed(as_what(f"segment {control} seen"))
    assert not RAW & set(sent)
    assert sent.startswith("segment ")
    assert sent.endswith(" seen")


@pytest.mark.parametrize(
    "text",
    ["[/]", "[/red]", "[red]x[/red]", "[link=http://x]y[/link]", ":fire:", "C:\\[red]"],
)
def test_text_is_never_markup(text: str) -> None:
    """Markup in a name is printed as it stands: it ends no command and has no style."""
    assert printed(f"owner {text}") == f"owner {text}"
    assert printed(assembled((text, "bold"))) == text


def test_line_breaks_and_joiners_stay() -> None:
    """Cells of several lines keep their lines, names in other scripts their joiners."""
    assert visible("a\u200cb") == "a\u200cb"
    assert visible("0.724\n0.67..0.78") == "0.724\n0.67..0.78"


@pytest.mark.parametrize("control", CONTROLS)
def test_json_keeps_its_values_without_control_characters(
    control: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a program reads is the value itself, and the terminal is sent no control."""
    print_json({control: [control]})
    sent = capsys.readouterr().out
    assert not RAW & set(sent)
    assert json.loads(sent) == {control: [control]}


@pytest.mark.parametrize(
    "words",
    [
        ["\x1b[2J"],
        ["run", "loan", "--day", "\x1b[2J"],
        ["run", "loan", "--\x1b[2J"],
        ["show", "loan", "[/]\x1b[2J"],
    ],
)
def test_wrong_usage_goes_through_the_same_door(words: list[str]) -> None:
    """What was typed is named in the error, and never sent as it stands."""
    result = CliRunner().invoke(app, words)
    assert result.exit_code == ExitCode.USAGE
    assert "\\x1b[2J" in result.stderr
    assert not RAW & set(result.output)


def test_crash_is_printed_whole_and_goes_through_the_same_door(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault of Daywatch itself shows its trace, without control characters."""

    def crash() -> list[str]:
        msg = "a name: [/]\x1b[2J"
        raise ZeroDivisionError(msg)

    monkeypatch.setattr(
        "monitoring_tasks.operations.checks.workspace_check.contract_files",
        lambda _: crash(),
    )
    result = CliRunner().invoke(app, ["check"])
    assert result.exit_code == ExitCode.FAULT
    assert "Traceback" in result.stderr
    assert "ZeroDivisionError: a name: [/]\\x1b[2J" in result.stderr
    assert not RAW & set(result.output)


LONG = "days_since_the_last_payment_was_received_by_the_bank"


@pytest.mark.parametrize("names", [["seen", "why"], [LONG, "why"], [LONG] * 8])
def test_no_table_breaks_a_word(
    names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table wraps between words; one that cannot becomes a line a cell."""
    sent = io.StringIO()
    monkeypatch.setattr(output, "console", SafeConsole(file=sent, width=80))
    sentence = f"the {LONG} of 2013-09-02 lies beyond what the reference allows"
    print_table("title", names, [[sentence] * len(names)] * 2)
    words = sent.getvalue().split()
    wanted = set(sentence.split())
    assert wanted <= set(words)
    assert sum(word in wanted for word in words) == 2 * len(names) * len(
        sentence.split()
    )


@pytest.mark.parametrize("width", [20, 80])
def test_sentences_wrap_between_words(width: int) -> None:
    """No line is longer than the terminal, unless one word alone is."""
    sentence = f"  - {LONG}: the mean absolute error of 2013-09-02 rose by 3.2 " * 3
    lines = printed(sentence, width).splitlines()
    assert " ".join(" ".join(lines).split()) == " ".join(sentence.split())
    assert all(len(line) <= width or line.strip(" -:") == LONG for line in lines)
    assert all(line.startswith("    ") for line in lines[1:])


def test_table_that_fits_is_no_wider_than_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Long cells wrap in the room there is; columns that must not wrap do not."""
    sent = io.StringIO()
    monkeypatch.setattr(output, "console", SafeConsole(file=sent, width=60))
    cells = ["2013-09-02", "a b c d", "word " * 30, "x\ny"]
    print_table("title", ["day", "whole", "why", "n"], [cells] * 3, unbroken=["whole"])
    lines = sent.getvalue().splitlines()
    assert max(map(len, lines)) <= 60
    assert " ".join(lines).split().count("word") == 90
    assert sum("a b c d" in line for line in lines) == 3


def test_warnings_of_the_log_are_printed_and_chatter_is_not() -> None:
    """Whoever types sees what may matter, through the same door."""
    code = (
        "import logging, warnings; from monitoring_tasks.cli.app import app\n"
        "from monitoring_tasks.cli import setting_up\n"
        "def init(*_):\n"
        "    logging.getLogger('x').setLevel(logging.INFO)\n"
        "    logging.getLogger('x').info('chatter')\n"
        "    logging.getLogger('x').warning('alias \\x1b[2J of %s', '[red]')\n"
        "    warnings.warn('old file')\n"
        "    return []\n"
        "import monitoring_tasks.contract.files as c; c.contract_files = init\n"
        "app(['check'])"
    )
    done = subprocess.run(  # noqa: S603 (our own code)
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = done.stderr.splitlines()
    assert lines[0] == "warning: alias \\x1b[2J of [red]"
    assert "old file" in done.stderr
    assert "chatter" not in done.stderr
    assert not RAW & set(done.stderr)
