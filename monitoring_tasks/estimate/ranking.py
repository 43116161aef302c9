"""How well scores rank positives above negatives, from counts by score bin.

Arrays are float64 of shape (n_bins,), lowest bin first: positive and negative rows
of each bin, counted or expected. Rows of one bin count as tied.
"""

import math

import numpy as np
from scipy.special import digamma

from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.estimate.cells import cells_of
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.intervals import Interval, clipped, normal, wilson


def roc_auc(positives: Floats, negatives: Floats) -> float | None:
    """Return the area under the ROC curve; None without rows of both classes.

    It is the share of (positive, negative) pairs ranked rightly; a tie is half.

    Args:
        positives: Positive rows by score bin, lowest first.
        negatives: Negative rows by score bin.
    """
    pairs = positives.sum() * negatives.sum()
    if pairs == 0:
        return None
    # Of the negatives in the same bin half count as ranked below: ties.
    under = np.cumsum(negatives) - negatives / 2
    return float(np.sum(positives * under) / pairs)


def auc_bin_error(outcome: BinaryOutcome) -> float:
    """Bound what counting rows of one bin as tied can do to the realized AUC.

    Half the share of (positive, negative) pairs that share a bin; 0 without pairs.
    """
    cells = cells_of(outcome).labelled
    positives = cells.by_bin(cells.rows * (cells.label == 1))
    negatives = cells.by_bin(cells.rows * (cells.label == 0))
    pairs = positives.sum() * negatives.sum()
    return float(np.sum(positives * negatives) / (2 * pairs)) if pairs else 0.0


def auc_interval(
    positives: Floats, negatives: Floats, *, confidence: float
) -> Interval | None:
    """Return DeLong's interval of the AUC; None with fewer than 2 rows of a class.

    A perfect ranking has no variance to learn from; there it is Wilson's interval
    with the rows of the smaller class.

    Args:
        positives: Positive rows by score bin, lowest first.
        negatives: Negative rows by score bin.
        confidence: Level of the interval, 0..1.

    References:
        DeLong, DeLong, Clarke-Pearson (1988), Biometrics 44, 837-845.
    """
    area, error = roc_auc(positives, negatives), auc_error(positives, negatives)
    if area is None or error is None:
        return None
    # No misranked pair: DeLong's variance is 0, which would claim certainty.
    if error == 0:
        fewest = float(min(positives.sum(), negatives.sum()))
        return wilson(area * fewest, fewest, confidence=confidence)
    return clipped(normal(area, error, confidence=confidence), 0.0, 1.0)


def auc_error(positives: Floats, negatives: Floats) -> float | None:
    """Return DeLong's standard error of the AUC; None with fewer than 2 of a class.

    Args:
        positives: Positive rows by score bin, lowest first.
        negatives: Negative rows by score bin.
    """
    n_positive, n_negative = positives.sum(), negatives.sum()
    if min(n_positive, n_negative) < 2:  # noqa: PLR2004 (a variance needs two rows)
        return None
    # DeLong's structural components: the share of the other class that a row of each
    # bin is ranked rightly against. Their variances are that of the area.
    of_positive = (np.cumsum(negatives) - negatives / 2) / n_negative
    of_negative = 1 - (np.cumsum(positives) - positives / 2) / n_positive
    return math.sqrt(
        _variance(of_positive, positives) / n_positive
        + _variance(of_negative, negatives) / n_negative
    )


def average_precision(positives: Floats, negatives: Floats) -> float | None:
    """Return the average precision, one threshold a bin; None without a positive.

    Args:
        positives: Positive rows by score bin, lowest first.
        negatives: Negative rows by score bin.
    """
    total = positives.sum()
    if total == 0:
        return None
    # From the highest score down, as rows are flagged.
    hits = np.cumsum(positives[::-1])
    flagged = np.cumsum((positives + negatives)[::-1])
    # Above the first row nothing is flagged, and precision is 0 / 0.
    used = flagged > 0
    precision = hits[used] / flagged[used]
    return float(np.sum(positives[::-1][used] * precision) / total)


def expected_average_precision(positives: Floats, negatives: Floats) -> float | None:
    """Return the average precision with one threshold a row, as NannyML's CBPE has it.

    Every row of a bin carries the bin's mean positive share p. After T positives
    among K rows, the n rows of a bin add sum over j of p (T + j p) / (K + j), in
    closed form p (n p + (T - K p) (H(K + n) - H(K))), H the harmonic numbers.

    Args:
        positives: Positive rows by score bin, lowest first.
        negatives: Negative rows by score bin.
    """
    total = positives.sum()
    if total == 0:
        return None
    rows = (positives + negatives)[::-1]
    used = rows > 0
    rows, hits = rows[used], positives[::-1][used]
    before_rows, before_hits = np.cumsum(rows) - rows, np.cumsum(hits) - hits
    share = hits / rows
    # digamma(x + 1) is H(x) less a constant, and takes x that is not whole.
    harmonic = digamma(before_rows + rows + 1) - digamma(before_rows + 1)
    gained = share * (hits + (before_hits - before_rows * share) * harmonic)
    return float(np.sum(gained) / total)


def _variance(values: Floats, rows: Floats) -> float:
    """Return the sample variance of values, each held by so many rows (two or more)."""
    total = rows.sum()
    mean = np.sum(values * rows) / total
    return float(np.sum(rows * (values - mean) ** 2) / (total - 1))
