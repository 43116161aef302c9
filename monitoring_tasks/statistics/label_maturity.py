"""What the labels that are known so far say of those to come. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from statistics import median

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.statistics.daily_errors import DailyErrors, summarize
from monitoring_tasks.statistics.label_arrival import LabelHistory

LAPSE = 3.5
"""Spreads below the median from which a day's labels stayed away."""
STEADY = 0.01
"""Days whose shares are alike to 1 % are not steadier than that."""
TO_STANDARD_DEVIATION = 1.4826
"""Median absolute deviation to standard deviation, for normal values."""


def coverage_shortfall(
    day: LabelHistory,
    earlier: Sequence[LabelHistory],
    *,
    version: str,
    min_days: int,
    confidence: float,
) -> Measurement:
    """Return by how much fewer labels are known of a day than is usual at its age.

    Median share of earlier days at the day's age, less the day's own. Days on which
    labels stayed away themselves do not count (`_without_lapses`). Its interval comes
    from the share another such day would have (`_usual`): where it lies above
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
    sound = _without_lapses(shares)
    # As many days were seen; that some of them lapsed makes the others no less telling.
    lower, usual, upper = _usual(sound, confidence, seen=len(shares))
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
    # Nothing is left to come, or nobody asks again: the day's own share is the answer.
    if share == 1 or day.last_age >= horizon_days:
        return replace(empty, value=share, lower=share, upper=share)
    gains = [
        (late - early) / (1 - early)
        for h in earlier
        if (early := h.share_at(day.last_age)) is not None
        and (late := h.share_at(horizon_days)) is not None
        and early < 1  # a day that missed no label gained a share of nothing
    ]
    if len(gains) < min_days:
        why = (
            f"{len(gains)} days watched from age {day.last_age} to {horizon_days} are "
            f"fewer than {min_days}"
        )
        return replace(empty, reason=why)
    lower, value, upper = (share + (1 - share) * g for g in _usual(gains, confidence))
    return replace(empty, value=value, lower=lower, upper=upper)


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
        # The same rows at first and in the end: no label came later.
        and first[day].rows < final[day].rows
        and math.isfinite(early - late)
    }
    return summarize(list(errors), list(errors.values()), confidence=confidence)


def _without_lapses(shares: Sequence[float]) -> list[float]:
    """Return the shares without those that lie far below most others.

    Farther below the median than `LAPSE` spreads, the spread taken from the median
    absolute deviation and no smaller than `STEADY`: a day whose labels stayed away once
    must not make it usual that they do.

    References:
        Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers.
    """
    middle = median(shares)
    deviation = median(abs(share - middle) for share in shares)
    spread = max(TO_STANDARD_DEVIATION * deviation, STEADY)
    return [share for share in shares if share >= middle - LAPSE * spread]


def _usual(
    values: Sequence[float], confidence: float, *, seen: int | None = None
) -> tuple[float, float, float]:
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
    count = len(ordered) if seen is None else seen
    k = math.floor((count + 1) * (1 - confidence) / 2 + 1e-9)
    if k == 0:
        return 0.0, median(ordered), 1.0
    return ordered[k - 1], median(ordered), ordered[-k]
