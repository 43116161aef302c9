"""Many past days judged in order: as known then, or as known now."""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from typing import Any

from monitoring_tasks.daily import judge_day
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.estimate.step import estimate_day
from monitoring_tasks.operations.judgement_instants import judgement_instants
from monitoring_tasks.operations.judging import require_over
from monitoring_tasks.operations.kept_verdicts import kept_sentence
from monitoring_tasks.operations.parallel_days import prepare_days
from monitoring_tasks.settings import ConnectionLookup
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

logger = logging.getLogger(__name__)


def backfill(  # noqa: PLR0913 (what may be asked of a range of days)
    model: str,
    first: str,
    last: str,
    *,
    workspace: Workspace | None = None,
    look_up: ConnectionLookup | None = None,
    progress: Callable[[date], None] | None = None,
    processes: int = 1,
    with_labels: bool = False,
) -> dict[str, Any]:
    """Evaluate every day from `first` to `last`, without side effects.

    As known on the day; or, with labels, as known now, in a revision beside that one.

    Days are counted and judged in order, one at a time: memory does not grow with them.

    Args:
        model: Registered model name.
        first: First ISO day.
        last: Last ISO day, included.
        workspace: An open workspace; None opens one.
        look_up: From a connection's name to its URL, when no workspace is given.
        progress: Called with each day once it is judged.
        processes: How many processes freeze and validate days.
        with_labels: Whether all that came since counts, labels first of all.

    Returns:
        `verdicts`: number of days by verdict; `as_known`: `then`, or `now`; `skipped`:
        ISO days that keep an older verdict, for the source no longer has their
        predictions.
    """
    opened = nullcontext(workspace) if workspace else open_workspace(look_up=look_up)
    with opened as world:
        return backfill_days(
            world,
            model,
            between=(date.fromisoformat(first), date.fromisoformat(last)),
            progress=progress,
            processes=processes,
            with_labels=with_labels,
        )


def backfill_days(
    workspace: Workspace,
    model: str,
    *,
    between: tuple[date, date],
    progress: Callable[[date], None] | None = None,
    processes: int = 1,
    with_labels: bool = False,
) -> dict[str, Any]:
    """Judge every day of a range in mode `backfill`, in order.

    A day that was judged before and whose predictions the source no longer has keeps
    its verdict.

    Args:
        workspace: The workspace.
        model: Registered model name.
        between: First and last day, both included.
        progress: Called with each day once it is judged.
        processes: How many processes freeze and validate days.
        with_labels: Whether all that came since counts, labels first of all.

    Returns:
        What `daywatch backfill --json` prints; see `backfill`.

    Raises:
        ConfigurationError: If the last day is not over yet.
    """
    first, last = between
    require_over(workspace, model, last)
    days = list(days_between(first, last))
    instants = judgement_instants(workspace, model, days, is_now=with_labels)
    wanted = [
        Unit(model=model, day=day, as_of=instant, mode=Mode.BACKFILL)
        for day, instant in instants.items()
    ]
    verdicts: Counter[str] = Counter()
    # Days that are not handed over below keep an older verdict.
    kept = set(days)
    for day in prepare_days(workspace, wanted, processes=processes):
        estimate_day(day)
        judge_day(day)
        verdicts[str(day.evaluation.verdict)] += 1
        kept.remove(day.day)
        if progress:
            progress(day.day)
    logger.info("%s backfilled %s to %s: %s", model, first, last, dict(verdicts))
    if kept:
        logger.warning("%s: %s", model, kept_sentence(len(kept)))
    return {
        "model": model,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "as_known": "now" if with_labels else "then",
        "verdicts": dict(verdicts),
        "skipped": [day.isoformat() for day in sorted(kept)],
    }
