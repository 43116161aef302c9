"""The table of guards that several commands print."""

from collections.abc import Mapping, Sequence
from typing import Any

from monitoring_tasks.cli.output import console, escaped, print_table


def print_guards(
    guards: Sequence[Mapping[str, Any]], *, skipped: Sequence[str] = ()
) -> None:
    """Print every guard with what was seen and needed; skipped ones in red below."""
    rows = [
        [
            guard["group"],
            guard["name"],
            _result(guard, skipped),
            escaped(guard["seen"]),
            escaped(guard["needed"]),
        ]
        for guard in guards
    ]
    print_table("guards", ("", "guard", "result", "seen", "needed"), rows)
    if skipped:
        said = f"forced: a person skipped {', '.join(skipped)}"
        console.print(f"[bold red]{escaped(said)}[/]", highlight=False)


def _result(guard: Mapping[str, Any], skipped: Sequence[str]) -> str:
    if guard["passed"]:
        return "[green]held[/]"
    if guard["name"] in skipped:
        return "[bold red]skipped[/]"
    return "[bold red]did not hold[/]"
