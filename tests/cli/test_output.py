"""What is printed for people, whatever the text holds."""

import io

import pytest

from monitoring_tasks.cli.output import SafeConsole, escaped, visible


def printed(text: str) -> str:
    """Print a text to a terminal and give what the terminal is sent."""
    sent = io.StringIO()
    SafeConsole(file=sent, force_terminal=True, color_system=None, width=80).print(text)
    return sent.getvalue().rstrip("\n")


@pytest.mark.parametrize(
    "control", ["\x1b[2J", "\x1b]0;title\x07", "\r", "\x9b2J", "\x7f", "\u202e"]
)
def test_control_characters_never_reach_the_terminal(control: str) -> None:
    """Escape sequences and turned text are written out, not sent."""
    sent = printed(f"segment {control} seen")
    assert not {"\x1b", "\x07", "\r", "\x9b", "\x7f", "\u202e"} & set(sent)
    assert sent.startswith("segment ")
    assert sent.endswith(" seen")


def test_text_that_is_no_markup_is_printed_as_it_stands() -> None:
    """A closing tag in a name ends no command."""
    assert printed("owner [/] and [/red]") == "owner [/] and [/red]"


@pytest.mark.parametrize("text", ["[/]", "[red]x[/red]", "C:\\[red]", "[1, 2]"])
def test_escaped_text_is_never_markup(text: str) -> None:
    """What was escaped is printed as it was, square brackets and backslashes too."""
    assert printed(f"[bold]{escaped(text)}[/]") == text


def test_line_breaks_and_joiners_stay() -> None:
    """Cells of several lines keep their lines, names in other scripts their joiners."""
    assert visible("a\u200cb") == "a\u200cb"
    assert visible("0.724\n0.67..0.78") == "0.724\n0.67..0.78"
