"""Known faults, put into a healthy day: pure functions on its rows and labels.

Every function takes a day as it was delivered and gives it as the fault would have
delivered it; what goes in is never modified. What is random comes from the generator
in the terms. Which answer is right stands in `fault_catalogue.py`.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from monitoring_tasks.errors import NotApplicableError
from monitoring_tasks.operations.drills.deliveries import Delivery, Terms
from monitoring_tasks.operations.drills.influence import by_influence


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
    names = _need(by_influence(terms, features), 1, "feature")
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

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the rows that are frozen, 0..1.

    Raises:
        NotApplicableError: If the contract has no continuous column.
    """
    name = _continuous(terms, 1)[0]
    rows = delivery.predictions
    frozen = terms.random.random(len(rows)) < terms.size
    # A null that stays all day would be a flood of nulls, another fault.
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


def misjoined_feature(delivery: Delivery, terms: Terms) -> Delivery:
    """Give the most important feature the values of other rows, on a share of the rows.

    As a join by the wrong key does: the column as a whole stays as it was.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the rows, 0..1.

    Raises:
        NotApplicableError: If the contract has no feature.
    """
    columns, rows = terms.contract.columns, delivery.predictions
    features = (*columns.continuous, *columns.categorical)
    name = _need(by_influence(terms, features), 1, "feature")[0]
    hit = (terms.random.random(len(rows)) < terms.size).nonzero()[0]
    source = np.arange(len(rows))
    source[hit] = terms.random.permutation(hit)
    return _changed(delivery, {name: rows[name].take(source).set_axis(rows.index)})


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
            # A column of another type would be a schema break, another fault.
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
    ordered = by_influence(terms, columns.categorical)
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
    name = _need(by_influence(terms, features), 1, "feature")[-1]
    if name in columns.continuous:
        return _changed(delivery, {name: rows[name] + terms.size * rows[name].std()})
    moved = terms.random.random(len(rows)) < terms.size / 2
    common = terms.example[name].mode().iloc[0]
    return _changed(delivery, {name: rows[name].mask(moved, common)})


def _changed(delivery: Delivery, columns: dict[str, Any]) -> Delivery:
    return replace(delivery, predictions=delivery.predictions.assign(**columns))


def _need(names: list[str], count: int, kind: str) -> list[str]:
    if len(names) < count:
        msg = f"the contract has {len(names)} {kind}s, {count} needed"
        raise NotApplicableError(msg)
    return names


def _continuous(terms: Terms, count: int) -> list[str]:
    names = by_influence(terms, terms.contract.columns.continuous)
    return _need(names, count, "continuous column")
