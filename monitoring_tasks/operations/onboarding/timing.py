"""Guessing volume, schedule, time zone and how long labels take."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

import numpy as np

from monitoring_tasks.domain.volumes import suggest_min_rows
from monitoring_tasks.operations.onboarding.facts import Guess

DAY_SECONDS = 86_400.0
MORNING = 6
LOOK_BACK_DAYS = 30
USUAL_COVERAGE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTiming:
    """How labels come.

    Attributes:
        labelled: Share of the rows old enough to have a label that have one.
        usual_days: Whole days after the day's end by which 95 % of the labels are
            there; None where nothing says when labels came.
        last_days: The same for 99 %.
        why: From what these days are taken.
    """

    labelled: float
    usual_days: int | None = None
    last_days: int | None = None
    why: str = ""


def label_timing(
    delays_seconds: Sequence[float], *, rows: int, labelled: int, behind_days: int = 0
) -> LabelTiming:
    """Return how labels come.

    Args:
        delays_seconds: From the end of a row's day to the arrival of its label.
        rows: Rows looked at.
        labelled: How many of them have a label.
        behind_days: From the newest day with a label to the newest with rows; taken
            where nothing says when labels came.
    """
    share = labelled / rows if rows else 0.0
    if not len(delays_seconds):
        if not behind_days:
            return LabelTiming(labelled=share)
        return LabelTiming(
            labelled=share,
            usual_days=behind_days,
            last_days=behind_days,
            why=f"the newest day with a label is {behind_days} days behind the rows",
        )
    usual, last = np.quantile(np.asarray(delays_seconds), (0.95, 0.99)) / DAY_SECONDS
    days = max(0, math.ceil(usual))
    return LabelTiming(
        labelled=share,
        usual_days=days,
        last_days=max(0, math.ceil(last)),
        why=f"95 % of the labels took {days} days or less",
    )


def guess_min_rows(rows_by_day: Mapping[date, int]) -> Guess:
    """Return `policy.min_rows`."""
    if not rows_by_day:
        return Guess(value=suggest_min_rows(()), why="the default; no days were seen")
    counts = sorted(rows_by_day.values())
    why = (
        f"half of a median day's rows, at most 100; {len(counts)} days have "
        f"{counts[0]} to {counts[-1]}, median {int(median(counts))}"
    )
    return Guess(value=suggest_min_rows(counts), why=why, is_sure=True)


def guess_timezone(zone: str, *, is_aware: bool) -> Guess:
    """Return the time zone in which the model's days are cut.

    Args:
        zone: The time zone that the type of the instants names; empty for none.
        is_aware: Whether the instants have an offset.
    """
    # An offset is no time zone: days would move when summer time begins.
    if zone and zone.upper() not in {"UTC", "+00:00", "ETC/UTC", "Z"} and "/" in zone:
        return Guess(value=zone, why="the time zone of the timestamps", is_sure=True)
    if is_aware:
        why = "the timestamps are in UTC; if your day ends elsewhere, say where"
        return Guess(value="UTC", why=why)
    return Guess(
        value="UTC", why="the timestamps name no time zone; say which is meant"
    )


def guess_hour(arrival_hours: Sequence[int], usual_days: int | None) -> Guess:
    """Return the hour at which a day is judged first.

    Args:
        arrival_hours: Local hours at which labels came.
        usual_days: Days by which they are usually there.
    """
    if not arrival_hours or usual_days is None or usual_days > 1:
        return Guess(
            value=MORNING, why="the default: nothing shows when rows are there"
        )
    # The full hour after the one in which 95 % of the labels had come.
    latest = int(np.quantile(np.asarray(arrival_hours), 0.95)) + 1
    if latest <= MORNING:
        return Guess(value=MORNING, why="labels of the day before are there by then")
    return Guess(
        value=min(latest, 23),
        why=f"labels of the day before are there by {latest}:00",
    )
