"""How far rows lie from themselves rebuilt: multivariate drift from a few numbers."""

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.reconstruction import Reconstruction
from monitoring_tasks.estimate.fitted import Estimates, Fitted
from monitoring_tasks.estimate.threads import one_thread
from monitoring_tasks.rows.encoding import coded, numbers

RECONSTRUCTION = ("reconstruction_error",)
BLOCK_ROWS = 16_384
"""Rows that are rebuilt at a time, so that no second copy of all is in memory."""
Matrix = NDArray[np.float64]


def rebuild(reconstruction: Reconstruction) -> Fitted:
    """Return the estimator of `reconstruction_error`.

    It is the mean distance of a scaled row from its rebuilt self, and rises when
    features stop moving together as they did. It is what NannyML's calculator answers,
    without NannyML; here a null is a category of its own.

    Args:
        reconstruction: What the reference taught.
    """
    return Fitted(
        kind=Kind.DRIFT,
        metrics=RECONSTRUCTION,
        prepare=_every_row,
        run=partial(_estimate, reconstruction=reconstruction),
    )


def _every_row(rows: pd.DataFrame) -> pd.DataFrame:
    return rows


def _scaled(rows: pd.DataFrame, reconstruction: Reconstruction) -> Matrix:
    """Return the features, one column each, as the components read them.

    Args:
        rows: Every feature of the reconstruction, any dtype. Not modified.
        reconstruction: Says what stands for what, and the scales.
    """
    width = len(reconstruction.numeric) + len(reconstruction.categorical)
    scaled = np.empty((len(rows), width))
    for place, feature in enumerate(reconstruction.numeric):
        column = numbers(rows[feature.name])
        column[np.isnan(column)] = feature.missing
        scaled[:, place] = (column - feature.centre) / feature.scale
    for place, named in enumerate(
        reconstruction.categorical, start=len(reconstruction.numeric)
    ):
        shares = coded(
            rows[named.name], named.shares, other=named.other, null=named.null
        )
        scaled[:, place] = (shares - named.centre) / named.scale
    return scaled


def _estimate(rows: pd.DataFrame, *, reconstruction: Reconstruction) -> Estimates:
    """Return the mean distance of two rows or more, and its standard error."""
    components = np.array(reconstruction.components)
    middle = np.array(reconstruction.middle)
    distances = np.empty(len(rows))
    with one_thread():
        for first in range(0, len(rows), BLOCK_ROWS):
            block = slice(first, first + BLOCK_ROWS)
            centred = _scaled(rows.iloc[block], reconstruction)
            centred -= middle
            centred -= (centred @ components.T) @ components
            distances[block] = np.linalg.norm(centred, axis=1)
    error = distances.std(ddof=1) / np.sqrt(len(distances))
    (metric,) = RECONSTRUCTION
    return {metric: (float(distances.mean()), float(error))}
