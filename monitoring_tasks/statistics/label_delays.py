"""How long labels take, and which days wait longer than that. Pure."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from statistics import median

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.label_delay import LabelDelay
from monitoring_tasks.statistics.label_arrival import LabelHistory

FEWEST_MATURE = 3
"""Days that say how long labels take; fewer may be chance."""


def overdue_days(
    histories: Sequence[LabelHistory],
    *,
    version: str,
    min_days: int,
    mature: float,
    stated: LabelDelay | None = None,
) -> Measurement:
    """Count the latest days whose labels stay away, as the contract or other days say.

    Where the contract states how long labels take: the latest days, checked at an age
    at which they are overdue, that are not mature. Days that may still wait neither
    count nor end the run. Else those whose labels stay away as on hardly any day before
    them.

    The most latest days that each have a smaller share of labels than all but a tenth
    of the days before all of them had at the same age, and so few that it matters: too
    few to be mature where the median day was, or less than half of the median day's.
    Days too young to have labels, at whose age more than a tenth had none, neither
    count nor end the run.

    Were days exchangeable, r counted days would all be among the r + t smallest of
    n + r, t = floor(n / 10), with a chance of C(r + t, r) / C(n + r, r): for 5 days,
    .0005 after 14 and less than .0001 after 28. When it lies: a holiday of whoever
    labels looks alike; labels that stay away from the first day on are never missed.

    Args:
        histories: Of days with enough rows, oldest first; the last one is the day
            itself. Not modified.
        version: The version the number is written down for.
        min_days: Days before them, seen at the same age, that a counted day needs.
        mature: Share of rows with a label from which a day is mature.
        stated: What the contract says of the delay; None where it says nothing.

    Returns:
        Kind `labels`, metric `label_overdue_days`, in days.
    """
    empty = Measurement(
        kind=Kind.LABELS,
        metric="label_overdue_days",
        version=version,
        rows=histories[-1].rows if histories else 0,
    )
    if stated is not None:
        return _overdue_as_stated(empty, histories, mature=mature, stated=stated)
    compared = [
        short
        for count in range(1, len(histories))
        if (short := _short(histories, count, min_days=min_days, mature=mature))
    ]
    if len(histories) <= min_days:
        why = f"{max(len(histories) - 1, 0)} days before it are fewer than {min_days}"
        return replace(empty, reason=why)
    if not compared:
        why = "no day is old enough, or those before it lack their labels as well"
        return replace(empty, reason=why)
    # A longer run may count though a shorter one does not: its days are held against
    # those before all of them, so late days are no longer part of what is usual.
    runs = (len(short) for short in compared if all(short))
    return replace(empty, value=float(max(runs, default=0)))


def _overdue_as_stated(
    empty: Measurement,
    histories: Sequence[LabelHistory],
    *,
    mature: float,
    stated: LabelDelay,
) -> Measurement:
    due = stated.due_age
    if due is None:
        return replace(empty, reason="the contract says that no labels will come")
    # A mature day counts at any age; an immature one only once its labels are due.
    is_short = [
        not is_mature
        for day in histories
        for is_mature in [(day.share_at(day.last_age) or 0.0) >= mature]
        if is_mature or day.last_age >= due
    ]
    if not is_short:
        why = f"no day was checked for labels {due} days after its end or later"
        return replace(empty, reason=why)
    latest = takewhile(bool, reversed(is_short))
    return replace(empty, value=float(len(list(latest))))


def _short(
    histories: Sequence[LabelHistory], count: int, *, min_days: int, mature: float
) -> list[bool]:
    """Whether labels lack, of each of the latest days of which that can be said."""
    before, latest = histories[:-count], histories[-count:]
    is_short = []
    for day in latest:
        share = day.share_at(day.last_age)
        usual = [s for h in before if (s := h.share_at(day.last_age)) is not None]
        if share is None or len(usual) < min_days:
            continue
        # All but a tenth of the days before had at least that share at the same age.
        least, middle = sorted(usual)[len(usual) // 10], median(usual)
        if least == 0:  # too young to have labels
            continue
        # Unusual is not enough: where nearly all labels are there, a few less matter
        # to nobody.
        is_small = share < mature <= middle or share < middle / 2
        is_short.append(share < least and is_small)
    return is_short


def usual_delay(histories: Sequence[LabelHistory], *, mature: float) -> int | None:
    """Count the whole days by which nine in ten days had enough labels.

    Of the days that got there while they were watched: a day that still waits says
    nothing yet, and one that had its labels when it was first evaluated late does
    not say when they came. When it lies: labels that come ever later are noticed late.

    Args:
        histories: See `label_arrival.label_histories`. Not modified.
        mature: Share of rows with a label from which a day is mature.

    Returns:
        None where fewer than `FEWEST_MATURE` days say so.
    """
    ages = sorted(
        age for h in histories if (age := _matured_at(h, mature=mature)) is not None
    )
    if len(ages) < FEWEST_MATURE:
        return None
    # An age that was observed: an interpolated one would not be a whole day.
    return ages[math.ceil(0.9 * len(ages)) - 1]


def _matured_at(history: LabelHistory, *, mature: float) -> int | None:
    """Return the age at which a day was seen to become mature."""
    enough = mature * history.rows
    for age, labelled in enumerate(history.labelled, start=history.first_age):
        if labelled >= enough:
            # There at a late first evaluation: they may have come any day before.
            return age if age > history.first_age or age == 0 else None
    return None
