"""The figures of a day and of days in bulk as tables of the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.speed.cold_days import DAYWATCH


def print_days(figures: Mapping[str, Any]) -> None:
    """Print what a day costs each side.

    Args:
        figures: Rows -> side -> what it cost, as kept.
    """
    table = Table(title="One model-day, cold process, imports and reads included")
    for name in ("rows", "", "CPU s", "wall s", "peak MB", "CPU, Daywatch = 1"):
        table.add_column(name, justify="left" if not name else "right")
    for rows, costs in figures.items():
        ours = costs[DAYWATCH]
        for side, spent in costs.items():
            table.add_row(
                f"{int(rows):,}" if side == DAYWATCH else "",
                side,
                f"{spent['cpu_seconds']:.1f}",
                f"{spent['wall_seconds']:.1f}",
                f"{spent['peak_mb']:,.0f}",
                f"{spent['cpu_seconds'] / ours['cpu_seconds']:.1f}",
            )
        table.add_section()
    Console().print(table)


def print_backfill(figures: Mapping[str, Any]) -> None:
    """Print what days cost in bulk.

    Args:
        figures: What `measure_backfill` returns.
    """
    rows, start_up = figures["rows"], figures["start_up"]
    table = Table(title=f"Days of {rows:,} rows in bulk, one process")
    for name in ("days", "CPU s", "wall s", "peak MB", "CPU s a day beyond start-up"):
        table.add_column(name, justify="right")
    shortest = next(iter(figures["days"].values()))
    for days, spent in figures["days"].items():
        beyond = (spent["cpu_seconds"] - start_up) / int(days)
        table.add_row(
            days,
            f"{spent['cpu_seconds']:.1f}",
            f"{spent['wall_seconds']:.1f}",
            f"{spent['peak_mb']:,.0f} ({spent['peak_mb'] / shortest['peak_mb']:.2f})",
            f"{beyond:.3f}",
        )
    typed, cold = figures["as_typed"], figures["cold_day"]["cpu_seconds"]
    table.caption = (
        f"start-up {start_up:.1f} s, a day {figures['a_day']:.3f} s, the dearest "
        f"stretch {figures['most_a_day']:.3f} s a day; a day alone costs {cold:.1f} s, "
        f"{cold / figures['a_day']:.0f} times as much; as typed, {typed['processes']} "
        f"processes: {typed['cpu_seconds']:.1f} CPU s, {typed['wall_seconds']:.1f} s, "
        f"{typed['peak_mb']:,.0f} MB the largest"
    )
    Console().print(table)
