"""A wrong label in the place of a right one. Pure."""

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.generalisation.data.schema import Schema
from monitoring_tasks.domain.problems import Problem

if TYPE_CHECKING:
    import pandas as pd


def contrary_labels(
    labels: "pd.Series", schema: Schema, random: np.random.Generator
) -> "pd.Series":
    """Return the other class, the next one of several, or another row's number."""
    match schema.problem:
        case Problem.BINARY:
            return 1 - labels
        case Problem.MULTICLASS:
            names = schema.classes
            after = {name: names[(n + 1) % len(names)] for n, name in enumerate(names)}
            return labels.map(after)
        case Problem.REGRESSION:
            order = random.permutation(len(labels))
            return labels.take(order).set_axis(labels.index)
