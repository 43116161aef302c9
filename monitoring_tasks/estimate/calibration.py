"""What CBPE learns from the reference's labelled rows: calibrator, sampling error.

Asks NannyML itself wherever it defines the rule. NannyML takes seconds to import,
so it is imported only when a reference is built.
"""

import math

import numpy as np
import pandas as pd
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import average_precision_score

from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.domain.reference import Calibrator
from monitoring_tasks.statistics.arrays import Floats

FEWEST_PER_CLASS = 10
"""Fewer rows of a class than NannyML's ten cross-validation splits can hold apart."""
RESAMPLES = 50
LARGEST_RESAMPLE = 50_000
"""Both from NannyML 0.13.1, `sampling_error/binary_classification.py`."""

Components = tuple[float, float]


def learn_calibrator(scored: pd.DataFrame) -> Calibrator:
    """Learn a monotone map from score to probability, where it helps.

    Isotonic regression, if NannyML's cross-validated rule says that it lowers the
    calibration error; otherwise, and with fewer than 10 rows of a class, the score
    is its own probability.

    Args:
        scored: Columns `score` (0..1) and `label` (0 or 1), no nulls; rows in any
            order. Not modified.
    """
    from nannyml.calibration import (  # noqa: PLC0415 (slow to import)
        IsotonicCalibrator,
        needs_calibration,
    )

    scores = scored["score"].to_numpy(np.float64)
    labels = scored["label"].to_numpy(np.int64)
    smallest = min(int(np.sum(labels == 1)), int(np.sum(labels == 0)))
    if smallest < FEWEST_PER_CLASS:
        return Calibrator()
    if not needs_calibration(labels, scores, IsotonicCalibrator()):
        return Calibrator()
    fitted = IsotonicRegression(out_of_bounds="clip", increasing=True)
    fitted.fit(scores, labels)
    return Calibrator(
        scores=tuple(fitted.X_thresholds_.tolist()),
        probabilities=tuple(fitted.y_thresholds_.tolist()),
    )


def learn_sampling(
    scored: pd.DataFrame, *, value: BusinessValue | None, seed: int
) -> dict[str, Components]:
    """Learn metric -> (standard deviation of one row, share of rows that count).

    NannyML's own components. Average precision is a bootstrap, which NannyML leaves
    unseeded; here `seed` makes it repeatable, so the two agree only as far as 50
    resamples do (about a tenth). A metric without a finite component is left out.

    Args:
        scored: Columns `score`, `predicted` and `label`, no nulls. Not modified.
        value: Worth of each outcome, for `business_value` (per prediction).
        seed: Seeds the bootstrap.
    """
    from nannyml.sampling_error import (  # noqa: PLC0415 (slow to import)
        binary_classification as errors,
    )

    truth, predicted = scored["label"], scored["predicted"]
    if truth.nunique() < 2:  # noqa: PLR2004 (both classes are needed)
        return {}
    components: dict[str, Components] = {
        "roc_auc": errors.auroc_sampling_error_components(truth, scored["score"]),
        "average_precision": _average_precision(scored, seed),
        "f1": errors.f1_sampling_error_components(truth, predicted),
        "specificity": errors.specificity_sampling_error_components(truth, predicted),
        "recall": errors.recall_sampling_error_components(truth, predicted),
        "accuracy": (*errors.accuracy_sampling_error_components(truth, predicted), 1.0),
    }
    if predicted.any():  # without a row predicted positive precision is undefined
        components["precision"] = errors.precision_sampling_error_components(
            truth, predicted
        )
    if value is not None:
        deviation, _ = errors.business_value_sampling_error_components(
            truth, predicted, _worths(value), None
        )
        components["business_value"] = (deviation, 1.0)
    return {
        metric: (float(deviation), float(counting))
        for metric, (deviation, counting) in components.items()
        # Without one an estimate has a value and no interval.
        if math.isfinite(deviation) and counting > 0
    }


def _worths(value: BusinessValue) -> Floats:
    """Return the worth of each outcome as NannyML has it: [label, predicted]."""
    return np.array(
        [
            [value.true_negative, value.false_positive],
            [value.false_negative, value.true_positive],
        ]
    )


def _average_precision(scored: pd.DataFrame, seed: int) -> Components:
    generator = np.random.default_rng(seed)
    labels, scores = scored["label"].to_numpy(), scored["score"].to_numpy()
    size = min(len(scored) // 2, LARGEST_RESAMPLE)
    drawn = []
    for _ in range(RESAMPLES):
        rows = generator.integers(len(scored), size=size)
        # A draw without a positive has no average precision.
        if labels[rows].any():
            drawn.append(average_precision_score(labels[rows], scores[rows]))
    if not drawn:
        return math.nan, 0.0
    # Back to the deviation of one row, as the other components have it.
    return float(np.std(drawn)) * math.sqrt(size), 1.0
