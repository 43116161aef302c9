"""Rows dealt out to days: real days where the set has them, drawn ones where not."""

import math
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from benchmarks.generalisation.data.schema import ID, LABEL, TIME, DataSet
from benchmarks.generalisation.data.worlds import World

TRAINED_SHARE = 0.4
OLDER_SHARE = 0.04
"""Of the rows, those the older version was trained on."""
WEEKEND = 0.7
VOLUME_SPREAD = 0.08
"""Standard deviation of the logarithm of a day's rows."""
MOVED = 0.01
"""By how many standard deviations the numbers of a row drawn again are moved."""
MANY_VALUES = 100
"""A number with fewer distinct values is a count or a code and is never moved."""
HOURS = (7.0, 23.0)


def split(data: DataSet) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows to train on and those to serve; blocks stay together."""
    rows = data.read()
    block = rows["block"] if "block" in rows else pd.Series(rows.index, rows.index)
    random = np.random.default_rng(crc32(data.name.encode()))
    is_trained = random.random(int(block.max()) + 1) < TRAINED_SHARE
    mask = is_trained[block.to_numpy()]
    return rows[mask].reset_index(drop=True), rows[~mask].reset_index(drop=True)


def dealt(world: World, served: pd.DataFrame) -> dict[date, pd.DataFrame]:
    """Deal served rows out to all days of a world, reference first.

    Args:
        world: Volume and days.
        served: Rows nobody was trained on.

    Returns:
        By day: `row_id`, `at`, the inputs and the label.
    """
    random = np.random.default_rng(crc32(f"{world.name}/days".encode()))
    days = [*world.reference_days, *world.days]
    if TIME in served:
        return _real_days(world, served, days, random)
    counts = [_volume(world, day, random) for day in days]
    order = _order(served, sum(counts), random)
    found, at = {}, 0
    for day, count in zip(days, counts, strict=True):
        rows = served.take(order[at : at + count]).reset_index(drop=True)
        is_again = np.arange(at, at + count) >= len(served)
        at += count
        rows = _moved(rows, world.data, is_again, random)
        found[day] = _stamped(rows, world, day, random)
    return found


def _volume(world: World, day: date, random: np.random.Generator) -> int:
    weekend = WEEKEND if day.weekday() >= 5 else 1.0
    spread = math.exp(random.normal(0, VOLUME_SPREAD))
    return max(1, round(world.rows_a_day * weekend * spread))


def _order(
    served: pd.DataFrame, count: int, random: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Draw positions, each row once before any is drawn again; blocks side by side."""
    rounds = []
    drawn = 0
    blocks = served["block"].to_numpy() if "block" in served else None
    while drawn < count:
        place = random.permutation(len(served))
        if blocks is not None:
            key = random.permutation(int(blocks.max()) + 1)
            place = np.argsort(key[blocks], kind="stable")
        rounds.append(place)
        drawn += len(place)
    return np.concatenate(rounds)[:count].astype(np.int64)


def _moved(
    rows: pd.DataFrame,
    data: DataSet,
    is_again: np.ndarray[tuple[int], np.dtype[np.bool_]],
    random: np.random.Generator,
) -> pd.DataFrame:
    if not is_again.any():
        return rows
    whole = data.read()
    changed: dict[str, Any] = {}
    for name in data.schema.continuous:
        values = whole[name]
        if values.nunique() > MANY_VALUES:
            move = random.normal(0, MOVED * float(values.std()), len(rows))
            changed[name] = rows[name] + np.where(is_again, move, 0.0)
    return rows.assign(**changed)


def _stamped(
    rows: pd.DataFrame, world: World, day: date, random: np.random.Generator
) -> pd.DataFrame:
    hours = np.sort(random.uniform(*HOURS, len(rows)))
    at = pd.Timestamp(day, tz="UTC") + pd.to_timedelta((hours * 3600).round(), unit="s")
    names = [f"{day:%y%m%d}-{number:06d}" for number in range(len(rows))]
    kept = [*world.data.schema.features, LABEL]
    return rows[kept].assign(**{ID: names}).assign(**{TIME: at})


def _real_days(
    world: World, served: pd.DataFrame, days: list[date], random: np.random.Generator
) -> dict[date, pd.DataFrame]:
    by_day = dict(iter(served.groupby("day")))
    usual = np.median([len(by_day[pd.Timestamp(day)]) for day in days])
    share = min(1.0, world.rows_a_day / usual)
    kept = [*world.data.schema.features, LABEL, TIME]
    found = {}
    for day in days:
        rows = by_day[pd.Timestamp(day)]
        rows = rows[random.random(len(rows)) < share][kept].reset_index(drop=True)
        names = [f"{day:%y%m%d}-{number:06d}" for number in range(len(rows))]
        found[day] = rows.assign(**{ID: names})
    return found
