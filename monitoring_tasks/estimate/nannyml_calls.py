"""Calling NannyML: on one thread, without its noise, its errors as ours."""

import warnings
from collections.abc import Callable
from typing import Protocol

import pandas as pd

from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.threads import one_thread

FEWEST_ROWS = 2
"""NannyML takes a frame of one row for a broken one, and one row has no spread."""


class Result(Protocol):
    """What NannyML answers: one row of `data` a chunk."""

    data: pd.DataFrame


def run(call: Callable[[pd.DataFrame], Result], frame: pd.DataFrame) -> Result:
    """Call NannyML on one thread, without the warnings that are of its own making.

    It warns that there is one chunk only (one day is one chunk here), that a chunk
    holds one class only, and uses what pandas 4 will take away.

    Args:
        call: Its `fit`, `estimate` or `calculate`.
        frame: The rows it is called with. Not modified.

    Raises:
        EstimationError: If NannyML fails, with its words.
    """
    from nannyml.exceptions import NannyMLException  # noqa: PLC0415 (slow to import)

    # By name: any other warning of NannyML's is one to read.
    with one_thread(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The resulting number of chunks is too low")
        warnings.filterwarnings("ignore", "Only one class is present in y_true")
        warnings.simplefilter("ignore", pd.errors.Pandas4Warning)
        try:
            return call(frame)
        except NannyMLException as error:
            msg = f"NannyML failed: {error}"
            raise EstimationError(msg) from error


def enough(frame: pd.DataFrame, fewest: int = FEWEST_ROWS) -> pd.DataFrame:
    """Return reference rows to learn from, numbered anew.

    Args:
        frame: The usable rows. Not modified.
        fewest: How many are needed.

    Raises:
        EstimationError: If there are fewer than `fewest`.
    """
    if len(frame) < fewest:
        msg = f"{len(frame)} usable reference rows are too few to learn from"
        raise EstimationError(msg)
    return frame.reset_index(drop=True)
