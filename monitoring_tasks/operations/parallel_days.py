"""Many days frozen and validated, in as many processes as are wanted.

These two steps know nothing of each other's days. Counting and judging stay in one
process, day after day: a day is judged beside those before it.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from monitoring_tasks.domain.units import Unit
from monitoring_tasks.extract.step import extract_day
from monitoring_tasks.operations.kept_verdicts import keeps_verdict
from monitoring_tasks.validate.step import validate_again, validate_day
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

FEWEST_DAYS = 10
"""Fewer days than this are done sooner than a process can start."""
SPAN_DAYS = 5
"""Days a process prepares before it says so."""


def prepare_days(
    workspace: Workspace, units: Sequence[Unit], *, processes: int = 1
) -> Iterator[Day]:
    """Freeze and validate days; yield each in order, the caller's to judge.

    Leaves out days that keep an older verdict (`kept_verdicts.keeps_verdict`).

    With more than one process later days are prepared while the caller works on
    earlier ones.

    Args:
        workspace: The workspace.
        units: The days, of one model.
        processes: How many processes to use; one if connections are looked up
            through a callable, which cannot be sent to another process.
    """
    if processes == 1 or len(units) < FEWEST_DAYS or workspace.look_up is not None:
        yield from _prepare(workspace, units, in_order=True)
        return
    home = workspace.settings.home
    workspace.database  # noqa: B018 (the tables are made before the processes start)
    spans = [units[at : at + SPAN_DAYS] for at in range(0, len(units), SPAN_DAYS)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        work = [pool.submit(_prepare_span, home, span) for span in spans]
        for share in work:
            for unit in share.result():
                day = Day(workspace, unit)
                validate_again(day)
                yield day


def _prepare_span(home: Path, units: Sequence[Unit]) -> list[Unit]:
    with open_workspace(home) as workspace:
        return [day.unit for day in _prepare(workspace, units, in_order=False)]


def _prepare(
    workspace: Workspace, units: Sequence[Unit], *, in_order: bool
) -> Iterator[Day]:
    """Freeze and validate days one by one; each is handed on with its rows."""
    for day in (Day(workspace, unit) for unit in units):
        if not keeps_verdict(day):
            extract_day(day)
            validate_day(day, in_order=in_order)
            yield day
