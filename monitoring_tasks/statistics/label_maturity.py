"""What the labels that are known so far say of those to come. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile
from statistics import median

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.label_delay import LabelDelay
from monitoring_tasks.statistics.daily_errors import DailyErrors, summarize
from monitoring_tasks.statistics.label_arrival import LabelHistory

FEWEST_MATURE = 3
"""Days that say how long labels take; fewer may be chance."""


def coverage_shortfall(
    day: LabelHistory,
    earlier: Sequence[LabelHistory],
    *,
    version: str,
    min_days: int,
    confidence: float,
) -> Measurement:
    """Return by how much fewer labels are known of a day than is usual at its age.

    Median share of earlier days at the day's age, less the day's own. Its interval
    comes from the share another such day would have (`_usual`): where it lies above
    0, the labels stay away as they hardly ever do.

    Args:
        day: The day, as it stands.
        earlier: Other days; those of which nothing is known at that age do not count.
        version: The version the number is written down for.
        min_days: Fewer earlier days give no value.
        confidence: Level of the interval, 0..1.

    Returns:
        Kind `labels`, metric `label_coverage_shortfall`, -1..1.
    """
    empty = Measurement(
        kind=Kind.LABELS,
        metric="label_coverage_shortfall",
        version=version,
        rows=day.rows,
    )
    share = day.share_at(day.last_age)
    shares = [s for h in earlier if (s := h.share_at(day.last_age)) is not None]
    if share is None:
        return replace(empty, reason="the day has no rows")
    if len(shares) < min_days:
        why = (
            f"{len(shares)} days known at age {day.last_age} are fewer than {min_days}"
        )
        return replace(empty, reason=why)
    lower, usual, upper = _usual(shares, confidence)
    return replace(empty, value=usual - share, lower=lower - share, upper=upper - share)


def expected_coverage(
    day: LabelHistory,
    earlier: Sequence[LabelHistory],
    *,
    version: str,
    horizon_days: int,
    min_days: int,
    confidence: float,
) -> Measurement:
    """Predict what share of a day's rows has a label once it is `horizon_days` old.

    share now + (1 - share now) x g. g is the share of the labels still missing at the
    day's age that came by the horizon: the median of earlier days, its interval as
    for another such day (`_usual`). Labels that are there cannot go away: the lower
    end is never below the share now.

    Args:
        day: The day, as it stands.
        earlier: Other days; those not watched from the day's age to the horizon, and
            those that missed no label any more, do not count.
        version: The version the number is written down for.
        horizon_days: Age at which the labels are counted.
        min_days: Fewer earlier days give no value.
        confidence: Level of the interval, 0..1.

    Returns:
        Kind `labels`, metric `label_coverage_expected`, 0..1.
    """
    empty = Measurement(
        kind=Kind.LABELS,
        metric="label_coverage_expected",
        version=version,
        rows=day.rows,
    )
    share = day.share_at(day.last_age)
    if share is None:
        return replace(empty, reason="the day has no rows")
    if share == 1 or day.last_age >= horizon_days:
        return replace(empty, value=share, lower=share, upper=share)
    gains = [
        (late - early) / (1 - early)
        for h in earlier
        if (early := h.share_at(day.last_age)) is not None
        and (late := h.share_at(horizon_days)) is not None
        and early < 1
    ]
    if len(gains) < min_days:
        why = (
            f"{len(gains)} days watched from age {day.last_age} to {horizon_days} are "
            f"fewer than {min_days}"
        )
        return replace(empty, reason=why)
    lower, value, upper = (share + (1 - share) * g for g in _usual(gains, confidence))
    return replace(empty, value=value, lower=lower, upper=upper)


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
    return ages[math.ceil(0.9 * len(ages)) - 1]


def _matured_at(history: LabelHistory, *, mature: float) -> int | None:
    """Return the age at which a day was seen to become mature."""
    enough = mature * history.rows
    for age, labelled in enumerate(history.labelled, start=history.first_age):
        if labelled >= enough:
            # There at a late first evaluation: they may have come any day before.
            return age if age > history.first_age or age == 0 else None
    return None


def provisional_error(
    first: Mapping[date, Measurement],
    final: Mapping[date, Measurement],
    *,
    confidence: float,
) -> DailyErrors:
    """Return how far realized numbers on early labels lay from those on all of them.

    Provisional less final, by day. A mean away from 0 says that the labels which come
    early are of another kind than the rest; see `daily_errors.summarize`.

    Args:
        first: A realized number as first evaluated, by day. Not modified.
        final: The same number on mature labels, by day. A day with one of the two, or
            whose labels were all there at first, does not count.
        confidence: Level of the interval, 0..1.
    """
    errors = {
        day: early - late
        for day in sorted(first.keys() & final.keys())
        if (early := first[day].value) is not None
        and (late := final[day].value) is not None
        and first[day].rows < final[day].rows
        and math.isfinite(early - late)
    }
    return summarize(list(errors), list(errors.values()), confidence=confidence)


def _usual(values: Sequence[float], confidence: float) -> tuple[float, float, float]:
    """Return lower end, median and upper end of a share another such day will have.

    The k-th smallest and largest of n values, k = floor((n + 1) (1 - confidence) / 2):
    if days are exchangeable, the next one lies between them with the stated chance or
    more, whatever the distribution. Too few values for that (k = 0) exclude nothing:
    0 and 1. It lies where days are not exchangeable: weekdays, trends.

    References:
        Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World.
    """
    ordered = sorted(values)
    # 1e-9: rounding must not take a rank from, say, 39 values at .95.
    k = math.floor((len(ordered) + 1) * (1 - confidence) / 2 + 1e-9)
    if k == 0:
        return 0.0, median(ordered), 1.0
    return ordered[k - 1], median(ordered), ordered[-k]
