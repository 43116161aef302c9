"""Each input's values exchanged between rows, and how much the scores change by that.

Needs nothing but predictions, so it works for every kind of model. Pure: who scores
the rows is not known here.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

PREDICTION = "prediction"
FLOAT_NOISE = 1e-6
"""Changes smaller than this part of the largest score are none."""
SEED = 14


def question(rows: pd.DataFrame, features: Sequence[str]) -> pd.DataFrame:
    """Stack the rows as they are and, a block a feature, with its values exchanged.

    The rows are put in a random order, the same on every run, and in the feature's
    block each row has the value of the next one, the last that of the first: no row
    keeps its own. What a feature is (numbers, text, nulls) does not matter.

    Args:
        rows: Rows of one day, shape (n, .), n >= 2. Not modified.
        features: Their columns.

    Returns:
        Rows (1 + features) * n: the plain block, then one for each feature in order.
    """
    order = np.random.default_rng(SEED).permutation(len(rows))
    plain = rows.iloc[order].reset_index(drop=True)
    following = np.roll(np.arange(len(plain)), -1)
    blocks = [
        plain.assign(**{name: plain[name].take(following).array}) for name in features
    ]
    return pd.concat([plain, *blocks], ignore_index=True)


def changes(
    outputs: pd.DataFrame, features: Sequence[str], *, is_number: bool
) -> pd.DataFrame:
    """Say by how much each row's score changed when a feature was exchanged.

    Args:
        outputs: What the version said of a `question`: `score` or one `score_<class>`
            a class, else `prediction`. Not modified.
        features: As in the question.
        is_number: Whether a prediction is a number and not a class.

    Returns:
        One column a feature, one row a row: the absolute change, of many classes half
        of their sum; of a class without a score 1 where it is another one. NaN where
        one of the two has no score.
    """
    scores = [name for name in outputs if str(name).startswith("score")]
    if scores or is_number:
        numbers = outputs[scores or [PREDICTION]].apply(pd.to_numeric, errors="coerce")
        values, halves = numbers.to_numpy(dtype=np.float64), min(len(scores), 2) or 1
    else:
        # One column a class: a class that is another one moves two of them by 1.
        classes = pd.get_dummies(outputs[PREDICTION], dtype=np.float64)
        values, halves = classes.where(outputs[PREDICTION].notna()).to_numpy(), 2
    size = len(outputs) // (1 + len(features))
    blocks = values.reshape(1 + len(features), size, -1)
    moved = np.abs(blocks[1:] - blocks[:1]).sum(axis=2) / halves
    # Versions that score in float32 move by rounding alone.
    moved[moved <= FLOAT_NOISE * np.abs(np.nan_to_num(blocks)).max(initial=0)] = 0.0
    return pd.DataFrame(moved.T, columns=list(features))
