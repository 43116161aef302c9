"""A progress bar over days."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from monitoring_tasks.cli.output import errors


@contextmanager
def day_bar(
    title: str, total: int, *, hidden: bool = False
) -> Iterator[Callable[[date], None]]:
    """Show a bar on standard error; call what it yields with each finished day.

    Args:
        title: Stands before the bar.
        total: How many days there are.
        hidden: Whether to show nothing, beside JSON.
    """
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[day]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, disable=hidden) as bar:
        task = bar.add_task(title, total=total, day="")
        yield lambda day: bar.update(task, advance=1, day=day.isoformat())


@contextmanager
def step_bar(
    title: str, total: int | None, *, hidden: bool = False
) -> Iterator[Callable[[str], None]]:
    """Show a bar on standard error; call what it yields with each step's name.

    Args:
        title: Stands before the bar.
        total: How many steps there are; None only shows that something goes on.
        hidden: Whether to show nothing, beside JSON.
    """
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[step]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, disable=hidden) as bar:
        task = bar.add_task(title, total=total, step="")
        yield lambda step: bar.update(task, advance=1, step=step)
