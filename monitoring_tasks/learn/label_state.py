"""How far a day's labels have come, for its page and for commands."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.labelled_day import LabelledDay
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.learn.label_block import LabelBlock, label_block
from monitoring_tasks.store.history import dated_numbers
from monitoring_tasks.store.labelled_days import last_labelled_day
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace


def label_state(space: Workspace, unit: Unit) -> LabelBlock:
    """Read what one look, and the looks at earlier days, say of a day's labels.

    Raises:
        LookupError: If the unit was never started.
    """
    return label_block(
        space.contract(unit.model),
        space.results.measurements(unit),
        header=space.results.evaluation(unit),
        first_look=dated_numbers(
            space.database,
            unit,
            days=0,
            kinds=(Kind.LABELS,),
            segments={"all"},
            at_first=True,
        ),
        arrival=Day(space, unit).label_curve,
        errors=Day(space, unit).provisional_errors,
        last=last_labelled(space, unit.model, until=unit.day, as_of=unit.as_of),
    )


def last_labelled(
    space: Workspace,
    model: str,
    *,
    until: date | None = None,
    as_of: datetime | None = None,
) -> LabelledDay | None:
    """Read what was said of the newest day that has enough labels; None without one."""
    return last_labelled_day(
        space.database,
        model,
        label_coverage=space.contract(model).policy.label_coverage,
        until=until,
        as_of=as_of,
    )


def as_plain(block: LabelBlock) -> dict[str, Any]:
    """Give it as plain JSON."""
    return asdict(block) | {"share": block.share, "is_mature": block.is_mature}
