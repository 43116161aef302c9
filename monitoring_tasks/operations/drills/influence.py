"""How closely a model's score follows each of its inputs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring_tasks.operations.drills.deliveries import Terms

if TYPE_CHECKING:
    import pandas as pd


def by_influence(terms: Terms, names: Iterable[str]) -> list[str]:
    """Return features by how closely the score follows them, the closest first.

    By the absolute rank correlation (Spearman's) of a continuous column, and the
    correlation ratio of a categorical one, corrected for the number of categories. A
    column that never changes comes last.

    Args:
        terms: Whose example rows tell.
        names: The features, each a column of the example.
    """
    columns, rows = terms.contract.columns, terms.example
    # Ranks: neither the scale of a score nor its outliers decide.
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
