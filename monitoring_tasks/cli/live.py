"""What `check --live` found, on one screen."""

from typing import TYPE_CHECKING, Any

from monitoring_tasks.cli.output import console
from monitoring_tasks.cli.terminal import assembled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_tasks.operations.onboarding.live_lines import LiveLine

STYLES = {"ok": "green", "warn": "yellow", "fault": "bold red"}


def print_live(model: str, lines: "Sequence[LiveLine]") -> None:
    """Print one line per check: ok, warn or fault, and what to do about it.

    Args:
        model: Registered model name.
        lines: What was checked, in order.
    """
    console.print(f"{model}, live:")
    for line in lines:
        status = (f"  {line.status:<5} ", STYLES[line.status])
        console.print(assembled(status, f"{line.about}: {line.text}"), soft_wrap=True)


def count_faults(lines_by_model: "Mapping[str, Sequence[LiveLine]]") -> int:
    """Return how many checks found a fault."""
    return sum(
        line.status == "fault" for lines in lines_by_model.values() for line in lines
    )


def as_plain(
    lines_by_model: "Mapping[str, Sequence[LiveLine]]",
) -> dict[str, list[dict[str, Any]]]:
    """Return the lines as plain JSON, by model."""
    return {
        model: [line.as_plain() for line in lines]
        for model, lines in lines_by_model.items()
    }
