"""Columns of probabilities, one a class, and the classes their names stand for."""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

import numpy as np
import pyarrow as pa

from monitoring_tasks.operations.onboarding.facts import ColumnFacts, as_numbers

SCORE_WORDS = frozenset(
    {"score", "scores", "prob", "proba", "probability", "p", "pd", "risk", "propensity"}
)


def is_probability(column: ColumnFacts) -> bool:
    """Whether a column's values are probabilities, not decisions of 0 and 1."""
    if column.low is None or column.high is None:
        return False
    if column.is_whole or column.distinct <= 2:  # noqa: PLR2004 (0 and 1 alone are a decision)
        return False
    return column.low >= 0 and column.high <= 1


def probability_columns(
    predictions: pa.Table, facts: Mapping[str, ColumnFacts]
) -> list[str]:
    """Return columns of probabilities whose rows add up to 1.

    Two have to be called so: any share and what is left of it add up to 1.

    Args:
        predictions: Some rows.
        facts: Column -> what can be seen of it; columns with another role left out.

    Returns:
        Their names; nothing where no columns add up.
    """
    names = [f.name for f in as_numbers(facts) if is_probability(f)]
    named = [name for name in names if SCORE_WORDS & set(facts[name].words)]
    for group, fewest in ((named, 2), (names, 3)):
        if len(group) >= fewest and _add_up(predictions, group):
            return group
    return []


def _add_up(predictions: pa.Table, names: Sequence[str]) -> bool:
    columns = [predictions.column(n).cast(pa.float64(), safe=False) for n in names]
    total = np.sum([column.to_numpy() for column in columns], axis=0)
    return bool(np.mean(np.abs(total - 1) < 0.02) > 0.95)  # noqa: PLR2004 (rounded scores)


def classes_of(group: Sequence[str], *, ends: bool) -> list[str]:
    """Return what the names of columns do not share, cut between words.

    Args:
        group: Names of columns, at least two.
        ends: Whether what the names share at their ends is cut as well.

    >>> classes_of(["proba_debit_card", "proba_prepaid_card"], ends=False)
    ['debit_card', 'prepaid_card']
    """
    start = _shared(group)
    end = _shared([name[::-1] for name in group]) if ends else 0
    return [name[start : len(name) - end] for name in group]


def _shared(names: Sequence[str]) -> int:
    """Return how many characters names begin with alike, up to the end of a word."""
    pairs = zip(min(names), max(names), strict=False)
    alike = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return len(alike) - len(re.split(r"[^A-Za-z0-9]", alike)[-1])
