"""What `check --live` found, on one screen."""

from typing import TYPE_CHECKING, Any

from monitoring_tasks.cli.output import console
from monitoring_tasks.cli.terminal import assembled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_tasks.operations.onboarding.live_checks import LiveLine

STYLES = {"ok": "green", "warn": "yellow", "fault": "bold red"}


def print_live(model: str, lines: "Sequence[LiveLine]") -> None:
    """Print a line a thing: ok, warn or fault, and what to do about it."""
    console.print(f"{model}, live:")
    for line in lines:
        status = (f"  {line.status:<5} ", STYLES[line.status])
        console.print(assembled(status, f"{line.about}: {line.text}"), soft_wrap=True)


def count_faults(world: "Mapping[str, Sequence[LiveLine]]") -> int:
    """Return how many things have to be mended."""
    return sum(line.status == "fault" for lines in world.values() for line in lines)


def as_plain(
    world: "Mapping[str, Sequence[LiveLine]]",
) -> dict[str, list[dict[str, Any]]]:
    """Return the lines as plain JSON, by model."""
    return {
        model: [line.as_plain() for line in lines] for model, lines in world.items()
    }
