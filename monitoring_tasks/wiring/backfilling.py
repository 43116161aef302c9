"""Many past days judged in order: as known then, or as known now."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from monitoring_tasks.domain.evaluations import Mode, Unit
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.wiring import measuring
from monitoring_tasks.wiring.kept_days import kept_sentence
from monitoring_tasks.wiring.preparing import prepared
from monitoring_tasks.wiring.revisions import known_at
from monitoring_tasks.wiring.workspace import Workspace

logger = logging.getLogger(__name__)


def backfill_days(
    space: Workspace,
    model: str,
    *,
    between: tuple[date, date],
    judge: Callable[[Workspace, Unit], None],
    progress: Callable[[date], None] | None = None,
    processes: int = 1,
    with_labels: bool = False,
) -> dict[str, Any]:
    """Judge every day of a range in mode `backfill`, counted a month at a time.

    A day that was judged before and whose predictions the source no longer has keeps
    its verdict.

    Args:
        space: The workspace.
        model: Registered model name.
        between: First and last day, both included.
        judge: Judges a day that was counted.
        progress: Called with each day once it is judged.
        processes: How many processes freeze and validate days.
        with_labels: Whether all that came since counts, labels first of all.

    Returns:
        What `daywatch backfill --json` prints; see `daily.backfill`.
    """
    first, last = between
    days = list(days_between(first, last))
    instants = known_at(space, model, days, is_now=with_labels)
    wanted = [
        Unit(model=model, day=day, as_of=instant, mode=Mode.BACKFILL)
        for day, instant in instants.items()
    ]
    verdicts: Counter[str] = Counter()
    kept = set(days)
    for units in prepared(space, wanted, processes=processes):
        if units:
            measuring.estimate_units(space, units)
        for unit in units:
            judge(space, unit)
            verdicts[str(space.results.evaluation(unit)["verdict"])] += 1
            kept.remove(unit.day)
            if progress:
                progress(unit.day)
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
