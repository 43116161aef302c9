"""The table of guards that several commands print."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from monitoring_tasks.cli.output import console, print_table
from monitoring_tasks.cli.terminal import assembled


def print_guards(
    guards: Sequence[Mapping[str, Any]], *, skipped: Sequence[str] = ()
) -> None:
    """Print every guard with what was seen and needed; skipped ones in red below."""
    rows = [
        [
            guard["group"],
            guard["name"],
            _result(guard, skipped),
            guard["seen"],
            guard["needed"],
        ]
        for guard in guards
    ]
    print_table("guards", ("", "guard", "result", "seen", "needed"), rows)
    if skipped:
        said = f"forced: a person skipped {', '.join(skipped)}"
        console.print(assembled((said, "bold red")))


def _result(guard: Mapping[str, Any], skipped: Sequence[str]) -> Text:
    if guard["passed"]:
        return assembled(("held", "green"))
    if guard["name"] in skipped:
        return assembled(("skipped", "bold red"))
    return assembled(("did not hold", "bold red"))
