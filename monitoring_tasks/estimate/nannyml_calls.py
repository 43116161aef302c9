"""Calling NannyML: on one thread, without its noise, its errors as ours."""

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Protocol

import pandas as pd

from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.fitted import FEWEST_ROWS, Estimates
from monitoring_tasks.estimate.threads import one_thread


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


def last_chunk(
    call: Callable[[pd.DataFrame], Result], metrics: Sequence[str]
) -> Callable[[pd.DataFrame], Estimates]:
    """Return a function from a day's frame to what NannyML answers about it.

    Args:
        call: Its `estimate` or `calculate`.
        metrics: What it measures.
    """

    def measure(frame: pd.DataFrame) -> Estimates:
        # NannyML reads rows by number, and answers with the reference's chunks first.
        last = run(call, frame.reset_index(drop=True)).data.iloc[-1]
        # The domain classifier comes without a sampling error.
        return {
            metric: (
                float(last[(metric, "value")]),
                float(last.get((metric, "sampling_error"), math.nan)),
            )
            for metric in metrics
        }

    return measure


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
