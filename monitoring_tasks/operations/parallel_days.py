"""Many days frozen and validated, in as many processes as are wanted.

These two steps are the slow ones of a backfill and know nothing of each other's days;
counting and judging stay in one process, for they do many days at once or in order.
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
SPAN_DAYS = 31
"""Days that are counted in one go."""


def prepare_days(
    workspace: Workspace, units: Sequence[Unit], *, processes: int = 1
) -> Iterator[list[Day]]:
    """Freeze and validate days; yield them in order, a month at a time.

    Leaves out days that keep an older verdict (`kept_verdicts.keeps_verdict`).

    With more than one process the later months are prepared while the caller works on
    the earlier ones.

    Args:
        workspace: The workspace.
        units: The days, of one model.
        processes: How many processes to use; one if connections are looked up
            through a callable, which cannot be sent to another process.
    """
    spans = [list(units[at : at + SPAN_DAYS]) for at in range(0, len(units), SPAN_DAYS)]
    if processes == 1 or len(units) < FEWEST_DAYS or workspace.look_up is not None:
        for span in spans:
            yield list(_prepare(workspace, span, in_order=True))
        return
    home = workspace.settings.home
    workspace.database  # noqa: B018 (the tables are made before the processes start)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        work = [
            [
                pool.submit(_prepare_share, home, span[number::processes])
                for number in range(processes)
            ]
            for span in spans
        ]
        for span, shares in zip(spans, work, strict=True):
            # Each process did every n-th day of the month: put in order again.
            frozen = {unit for share in shares for unit in share.result()}
            ready = [Day(workspace, unit) for unit in span if unit in frozen]
            for day in ready:
                validate_again(day)
            yield ready


def _prepare_share(home: Path, units: Sequence[Unit]) -> list[Unit]:
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
