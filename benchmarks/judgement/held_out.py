"""Faults that nobody had before their eyes while the judgement was made.

They are in no catalogue and no drill; the evaluation alone uses them.
"""

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from monitoring_tasks.operations.drills.deliveries import Change, Delivery, Terms

if TYPE_CHECKING:
    import pandas as pd

KILOMETRES = 1.609
"""In a mile."""


def celsius(delivery: Delivery, terms: Terms) -> Delivery:
    """Return the temperature in degrees Celsius; `size` says nothing."""
    del terms
    rows = delivery.predictions
    return replace(delivery, predictions=rows.assign(temp=(rows["temp"] - 32) * 5 / 9))


def zero_fill(delivery: Delivery, terms: Terms) -> Delivery:
    """Return 0 for all numbers of a join on a share `size` of the rows."""
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
    """Return every row the weather of the day's first row at its airport."""
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
    """Return a share `size` of the rows the day's mean score, as a fallback would."""
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


def zero_column(delivery: Delivery, terms: Terms) -> Delivery:
    """Return 0 for a single number, the contract's second, on a share `size`."""
    return _filled(delivery, terms, _second(terms), 0.0)


def zero_weather(delivery: Delivery, terms: Terms) -> Delivery:
    """Return 0 for three numbers of one join on a share `size` of the rows."""
    rows = delivery.predictions
    lost = terms.random.random(len(rows)) < terms.size
    names = ("temp", "humid", "pressure")
    zeros = {name: rows[name].mask(lost, 0.0) for name in names}
    return replace(delivery, predictions=rows.assign(**zeros))


def sentinel_fill(delivery: Delivery, terms: Terms) -> Delivery:
    """Return -999 for the contract's last number on a share `size` of the rows."""
    name = terms.contract.columns.continuous[-1]
    return _filled(delivery, terms, name, -999.0)


def typical_fill(delivery: Delivery, terms: Terms) -> Delivery:
    """Return the usual median for a number, the second, on a share `size`."""
    name = _second(terms)
    return _filled(delivery, terms, name, float(terms.example[name].median()))


def no_weather(delivery: Delivery, terms: Terms) -> Delivery:
    """Lose the whole weather on a share `size` of the rows."""
    rows = delivery.predictions
    lost = terms.random.random(len(rows)) < terms.size
    names = ["temp", "humid", "wind_speed", "precip", "pressure", "visib"]
    gone = {name: rows[name].mask(lost) for name in names}
    return replace(delivery, predictions=rows.assign(**gone))


def mixed_units(delivery: Delivery, terms: Terms) -> Delivery:
    """Return miles as kilometres, in the second number, on a share `size`."""
    name, rows = _second(terms), delivery.predictions
    hit = terms.random.random(len(rows)) < terms.size
    values = rows[name].astype("float64")
    changed = rows.assign(**{name: values.mask(hit, values * KILOMETRES)})
    return replace(delivery, predictions=changed)


def cut_text(delivery: Delivery, terms: Terms) -> Delivery:
    """Cut the first categorical column to one letter on a share `size` of the rows."""
    name = terms.contract.columns.categorical[0]
    rows = delivery.predictions
    hit = terms.random.random(len(rows)) < terms.size
    texts: pd.Series[str] = rows[name].astype("str")
    changed = rows.assign(**{name: texts.mask(hit, texts.str[:1])})
    return replace(delivery, predictions=changed)


def default_category(delivery: Delivery, terms: Terms) -> Delivery:
    """Return the first categorical column its usual value on a share `size` of rows."""
    name = terms.contract.columns.categorical[0]
    usual = terms.example[name].mode().iloc[0]
    return _filled(delivery, terms, name, usual)


def label_loss(delivery: Delivery, terms: Terms) -> Delivery:
    """Never deliver the labels of a share `size` of the rows."""
    labels = delivery.labels
    lost = terms.random.random(len(labels)) < terms.size
    return replace(delivery, labels=labels[~lost].reset_index(drop=True))


def scaled_predictions(delivery: Delivery, terms: Terms) -> Delivery:
    """Multiply the predictions of a regression by `size`."""
    name, rows = terms.contract.columns.prediction, delivery.predictions
    return replace(delivery, predictions=rows.assign(**{name: rows[name] * terms.size}))


def capped_predictions(delivery: Delivery, terms: Terms) -> Delivery:
    """Cut the predictions of a regression at their usual quantile `size`."""
    name, rows = terms.contract.columns.prediction, delivery.predictions
    most = float(terms.example[name].quantile(terms.size))
    capped = rows.assign(**{name: rows[name].clip(upper=most)})
    return replace(delivery, predictions=capped)


def _filled(
    delivery: Delivery, terms: Terms, name: str, value: float | str
) -> Delivery:
    rows = delivery.predictions
    lost = terms.random.random(len(rows)) < terms.size
    return replace(
        delivery, predictions=rows.assign(**{name: rows[name].mask(lost, value)})
    )


def _second(terms: Terms) -> str:
    """Name the second number of the contract, or its only one."""
    return terms.contract.columns.continuous[:2][-1]


HELD_OUT = MappingProxyType[str, tuple[Change, bool]](
    {
        "celsius": (celsius, True),
        "zero_fill": (zero_fill, True),
        "half_day": (half_day, False),
        "stale_weather": (stale_weather, True),
        "lower_case": (lower_case, True),
        "constant_scores": (constant_scores, False),
        "zero_column": (zero_column, True),
        "zero_weather": (zero_weather, True),
        "sentinel_fill": (sentinel_fill, True),
        "typical_fill": (typical_fill, True),
        "no_weather": (no_weather, True),
        "mixed_units": (mixed_units, True),
        "cut_text": (cut_text, True),
        "default_category": (default_category, True),
        "label_loss": (label_loss, False),
        "scaled_predictions": (scaled_predictions, False),
        "capped_predictions": (capped_predictions, False),
    }
)
"""By name: the change, and whether the scores follow the changed inputs."""
