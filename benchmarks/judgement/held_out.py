"""Faults that nobody had before their eyes while the judgement was made.

They are in no catalogue and no drill; the evaluation alone uses them.
"""

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from monitoring_tasks.learn.faults import Change, Delivery, Terms

if TYPE_CHECKING:
    import pandas as pd


def celsius(delivery: Delivery, terms: Terms) -> Delivery:
    """Give the temperature in degrees Celsius; `size` says nothing."""
    del terms
    rows = delivery.predictions
    return replace(delivery, predictions=rows.assign(temp=(rows["temp"] - 32) * 5 / 9))


def zero_fill(delivery: Delivery, terms: Terms) -> Delivery:
    """Give 0 for all numbers of a join on a share `size` of the rows."""
    rows = delivery.predictions
    names = list(terms.contract.columns.continuous)[2:]
    lost = terms.random.random(len(rows)) < terms.size
    zeros = {name: rows[name].mask(lost, 0.0) for name in names}
    return replace(delivery, predictions=rows.assign(**zeros))


def half_day(delivery: Delivery, terms: Terms) -> Delivery:
    """Lose the last share `size` of the day: the export began too early."""
    rows = delivery.predictions
    at = terms.contract.columns.timestamp
    kept = rows.sort_values(at, kind="stable").head(round((1 - terms.size) * len(rows)))
    return replace(delivery, predictions=kept.reset_index(drop=True))


def stale_weather(delivery: Delivery, terms: Terms) -> Delivery:
    """Give every row the weather of the day's first row at its airport."""
    del terms
    rows = delivery.predictions
    names = ["temp", "humid", "wind_speed", "precip", "pressure", "visib"]
    first = rows.groupby("origin")[names].transform("first")
    return replace(delivery, predictions=rows.assign(**first))


def lower_case(delivery: Delivery, terms: Terms) -> Delivery:
    """Write the first categorical column in lower case on a share `size` of rows."""
    name = terms.contract.columns.categorical[0]
    rows = delivery.predictions
    hit = terms.random.random(len(rows)) < terms.size
    texts: pd.Series[str] = rows[name].astype("str")
    changed = rows.assign(**{name: texts.mask(hit, texts.str.lower())})
    return replace(delivery, predictions=changed)


def constant_scores(delivery: Delivery, terms: Terms) -> Delivery:
    """Give a share `size` of the rows the day's mean score, as a fallback would."""
    columns, rows = terms.contract.columns, delivery.predictions
    name = str(columns.score)
    hit = terms.random.random(len(rows)) < terms.size
    decided = rows[columns.prediction].mode().iloc[0]
    changed = rows.assign(
        **{
            name: rows[name].mask(hit, float(rows[name].mean())),
            columns.prediction: rows[columns.prediction].mask(hit, decided),
        }
    )
    return replace(delivery, predictions=changed)


HELD_OUT = MappingProxyType[str, tuple[Change, bool]](
    {
        "celsius": (celsius, True),
        "zero_fill": (zero_fill, True),
        "half_day": (half_day, False),
        "stale_weather": (stale_weather, True),
        "lower_case": (lower_case, True),
        "constant_scores": (constant_scores, False),
    }
)
"""By name: the change, and whether the scores follow the changed inputs."""
