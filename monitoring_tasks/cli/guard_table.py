"""The table of guards that several commands print."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from monitoring_tasks.cli.output import console, print_table
from monitoring_tasks.cli.terminal import assembled


def print_guards(
    guards: Sequence[Mapping[str, Any]], *, skipped: Sequence[str] = ()
) -> None:
    """Print every guard with what was seen and needed.

    Args:
        guards: Each with group, name, whether it passed, seen and needed.
        skipped: Names of the guards a person skipped; in red below the table.
    """
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
        warning = f"forced: a person skipped {', '.join(skipped)}"
        console.print(assembled((warning, "bold red")))


def _result(guard: Mapping[str, Any], skipped: Sequence[str]) -> Text:
    if guard["passed"]:
        return assembled(("held", "green"))
    if guard["name"] in skipped:
        return assembled(("skipped", "bold red"))
    return assembled(("did not hold", "bold red"))
