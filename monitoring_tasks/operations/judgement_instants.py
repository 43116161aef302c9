"""As of when days are judged: as their schedule saw them, or as they are known now."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.store.slo_days import newest_as_of
from monitoring_tasks.workspace.workspace import Workspace


def known_at(
    space: Workspace, model: str, days: Sequence[date], *, is_now: bool
) -> dict[date, datetime]:
    """Give the instant each day is judged at; days whose schedule is to come keep it.

    Args:
        space: The workspace.
        model: Registered model name.
        days: The days, in order.
        is_now: Whether all that came since counts; under a simulated clock, all up to
            the newest look.
    """
    then = {day: space.as_of(model, day) for day in days}
    if not is_now or not then:
        return then
    newest = newest_as_of(space.database, model) or max(then.values())
    now = space.clock.now(about=max(newest, *then.values()))
    return {day: max(now, instant) for day, instant in then.items()}


def revision_of(space: Workspace, row: Evaluation) -> dict[str, Any]:
    """Say as known when a day was judged.

    Returns:
        `as_known`: `then`, as its schedule saw it, or `later`; `days_after`: whole days
        after that; `labels`: share of its rows whose label was known, 0..1, or None.
    """
    after = (row.as_of - space.as_of(row.model, row.day)).total_seconds()
    rows, labelled = row.rows or 0, row.labelled
    return {
        "as_known": "later" if after > 0 else "then",
        "days_after": max(int(after // 86400), 0),
        "labels": labelled / rows if rows and labelled is not None else None,
    }
