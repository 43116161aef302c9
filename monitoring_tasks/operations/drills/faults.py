"""Known faults, put into a healthy day: pure functions on its rows and labels.

Every function takes a day as it was delivered and gives it as the fault would have
delivered it; what goes in is never modified. What is random comes from the generator
in the terms. Which answer is right stands in `fault_catalogue.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.errors import NotApplicableError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A day as it was delivered: scored rows, and the labels of their ids."""

    predictions: "pd.DataFrame"
    labels: "pd.DataFrame"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a fault needs to know.

    Attributes:
        contract: Says which column is what.
        example: Healthy rows of several days. By them a fault chooses its column or
            category, so that it is the same one every day.
        random: Where all chance comes from.
        size: How large the fault is, in the fault's own unit.
    """

    contract: Contract
    example: "pd.DataFrame"
    random: np.random.Generator
    size: float


Change = Callable[[Delivery, Terms], Delivery]
Rescore = Callable[["pd.DataFrame"], "pd.DataFrame"]
"""Gives rows the scores and predictions their inputs lead to now."""


def nothing(delivery: Delivery, terms: Terms) -> Delivery:
    """Leave the day as it is: the control of the experiment; `size` says nothing.

    Args:
        delivery: The healthy day.
        terms: Not used: there is nothing to choose.
    """
    del terms
    return delivery


def schema_break(delivery: Delivery, terms: Terms) -> Delivery:
    """Rename the `size` features the score follows most closely.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: how many features, at least one.

    Raises:
        NotApplicableError: If the contract has no feature.
    """
    columns = terms.contract.columns
    features = (*columns.continuous, *columns.categorical)
    names = _need(_by_influence(terms, features), 1, "feature")
    renamed = {name: f"{name}_v2" for name in names[: max(1, round(terms.size))]}
    return replace(delivery, predictions=delivery.predictions.rename(columns=renamed))


def unit_change(delivery: Delivery, terms: Terms) -> Delivery:
    """Multiply the most important continuous column by `size`.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the factor.

    Raises:
        NotApplicableError: If the contract has no continuous column.
    """
    name = _continuous(terms, 1)[0]
    return _changed(delivery, {name: delivery.predictions[name] * terms.size})


def null_flood(delivery: Delivery, terms: Terms) -> Delivery:
    """Take the value of the most important continuous column from a share of rows.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the rows, 0..1.

    Raises:
        NotApplicableError: If the contract has no continuous column.
    """
    name = _continuous(terms, 1)[0]
    rows = delivery.predictions
    lost = terms.random.random(len(rows)) < terms.size
    return _changed(delivery, {name: rows[name].mask(lost)})


def frozen_feature(delivery: Delivery, terms: Terms) -> Delivery:
    """Freeze the most important continuous column at its first value all day.

    `size` is the share of rows that are frozen.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the rows that are frozen, 0..1.

    Raises:
        NotApplicableError: If the contract has no continuous column.
    """
    name = _continuous(terms, 1)[0]
    rows = delivery.predictions
    frozen = terms.random.random(len(rows)) < terms.size
    first = rows[name].dropna().iloc[0]
    return _changed(delivery, {name: rows[name].mask(frozen, first)})


def swapped_columns(delivery: Delivery, terms: Terms) -> Delivery:
    """Swap the two most important continuous columns; `size` says nothing.

    Args:
        delivery: The healthy day. Not modified.
        terms: Says which columns the score follows most closely.

    Raises:
        NotApplicableError: If the contract has fewer than two continuous columns.
    """
    first, second = _continuous(terms, 2)[:2]
    rows = delivery.predictions
    return _changed(delivery, {first: rows[second], second: rows[first]})


def timezone_shift(delivery: Delivery, terms: Terms) -> Delivery:
    """Move the timestamps, and calendar columns named after the hour, by hours.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: hours; negative ones go back.
    """
    columns, rows = terms.contract.columns, delivery.predictions
    at = columns.timestamp
    changes: dict[str, Any] = {at: rows[at] + timedelta(hours=terms.size)}
    for name in columns.calendar:
        if "hour" in name:
            later = (rows[name] + terms.size) % 24
            changes[name] = later.astype(rows[name].dtype)
    return _changed(delivery, changes)


def category_recode(delivery: Delivery, terms: Terms) -> Delivery:
    """Replace the categories of the most important categorical column by numbers.

    `size` says nothing. Numbers are written as text, in the order of the categories.

    Args:
        delivery: The healthy day. Not modified.
        terms: `example` says which categories there are.

    Raises:
        NotApplicableError: If the contract has no categorical column.
    """
    columns = terms.contract.columns
    ordered = _by_influence(terms, columns.categorical)
    name = _need(ordered, 1, "categorical column")[0]
    categories = sorted(terms.example[name].dropna().unique(), key=str)
    codes = {category: str(number) for number, category in enumerate(categories)}
    return _changed(delivery, {name: delivery.predictions[name].map(codes)})


def covariate_shift(delivery: Delivery, terms: Terms) -> Delivery:
    """Move the least important feature; scores and labels stay, so nothing is lost.

    A continuous column moves by `size` of its standard deviations; of a categorical
    one half as large a share of the rows, any of them, gets the most common category.
    All rows would be a column that broke.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: standard deviations, or twice the share of the rows.

    Raises:
        NotApplicableError: If the contract has no feature.
    """
    columns, rows = terms.contract.columns, delivery.predictions
    features = (*columns.continuous, *columns.categorical)
    name = _need(_by_influence(terms, features), 1, "feature")[-1]
    if name in columns.continuous:
        return _changed(delivery, {name: rows[name] + terms.size * rows[name].std()})
    moved = terms.random.random(len(rows)) < terms.size / 2
    common = terms.example[name].mode().iloc[0]
    return _changed(delivery, {name: rows[name].mask(moved, common)})


def duplicate_rows(delivery: Delivery, terms: Terms) -> Delivery:
    """Deliver a share `size` of the rows twice.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the rows, 0..1.
    """
    rows = delivery.predictions
    again = _some(terms, len(rows))
    positions = [*range(len(rows)), *again]
    twice = rows.iloc[positions].reset_index(drop=True)
    return replace(delivery, predictions=twice)


def volume_drop(delivery: Delivery, terms: Terms) -> Delivery:
    """Lose a share `size` of the rows, any of them; at least one stays.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the rows, 0..1.
    """
    rows = delivery.predictions
    lost = set(_some(terms, len(rows))[: len(rows) - 1])
    kept = [position for position in range(len(rows)) if position not in lost]
    return replace(delivery, predictions=rows.iloc[kept].reset_index(drop=True))


def partial_outage(delivery: Delivery, terms: Terms) -> Delivery:
    """Lose every row of a share `size` of the categories of the first such column.

    Common and rare ones alike: at a half every second, from the most common one on.
    One is lost at least, and one is left.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the categories, 0..1; `example` says how common each
            is.

    Raises:
        NotApplicableError: If no categorical or segment column has two categories.
    """
    columns, rows = terms.contract.columns, delivery.predictions
    for name in (*columns.categorical, *columns.segments):
        common = list(terms.example[name].value_counts().index)
        if len(common) > 1:
            count = min(len(common) - 1, max(1, round(terms.size * len(common))))
            lost = [common[turn * len(common) // count] for turn in range(count)]
            kept = rows[~rows[name].isin(lost)].reset_index(drop=True)
            return replace(delivery, predictions=kept)
    msg = "the day has no categorical column with two categories"
    raise NotApplicableError(msg)


def _changed(delivery: Delivery, columns: dict[str, Any]) -> Delivery:
    return replace(delivery, predictions=delivery.predictions.assign(**columns))


def _some(terms: Terms, count: int) -> list[int]:
    """Pick a share `size` of the places, in chance's order."""
    chosen = terms.random.permutation(count)[: round(terms.size * count)]
    return [int(position) for position in chosen]


def _need(names: list[str], count: int, kind: str) -> list[str]:
    if len(names) < count:
        msg = f"the contract has {len(names)} {kind}s, {count} needed"
        raise NotApplicableError(msg)
    return names


def _continuous(terms: Terms, count: int) -> list[str]:
    names = _by_influence(terms, terms.contract.columns.continuous)
    return _need(names, count, "continuous column")


def _by_influence(terms: Terms, names: Iterable[str]) -> list[str]:
    """Order features by how closely the score follows them, the closest first.

    By the absolute rank correlation (Spearman's) of a continuous column, and the
    correlation ratio of a categorical one, corrected for the number of categories. A
    column that never changes comes last.
    """
    columns, rows = terms.contract.columns, terms.example
    output = rows[columns.scores[0] if columns.scores else columns.prediction].rank()
    strength = {
        name: _eta(rows[name], output)
        if name in columns.categorical
        else _rho(rows[name], output)
        for name in names
    }
    return sorted(strength, key=lambda name: -strength[name])


def _rho(values: "pd.Series[Any]", output: "pd.Series[float]") -> float:
    if values.nunique() < 2 or output.nunique() < 2:  # noqa: PLR2004 (constant)
        return 0.0
    return abs(float(values.rank().corr(output)))


def _eta(values: "pd.Series[Any]", output: "pd.Series[float]") -> float:
    """Return the correlation ratio, adjusted as R squared is; 0 if nothing is left."""
    groups, rows = values.nunique(), len(values)
    spread = float(output.var(ddof=0))
    if groups < 2 or rows <= groups or spread == 0:  # noqa: PLR2004 (constant)
        return 0.0
    within = float(output.groupby(values).transform("mean").var(ddof=0)) / spread
    return float(np.sqrt(max(0.0, 1 - (1 - within) * (rows - 1) / (rows - groups))))
