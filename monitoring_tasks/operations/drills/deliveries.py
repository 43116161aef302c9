"""A day of a drill as it was delivered, and what a fault needs to change it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from monitoring_tasks.contract.contract import Contract

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
