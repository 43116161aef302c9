"""Profiles of every kind with something in every part."""

import pytest

from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
    MulticlassOutcome,
    Outcome,
    RegressionOutcome,
    ServiceCounts,
)
from monitoring_tasks.domain.profiles import DayProfile
from tests.builders import make_profile

BINARY = BinaryOutcome(
    cells={(1, 0, -1): 2, (9999, 1, 1): 3},
    score_sums={(1, 0, -1): 0.0002, (9999, 1, 1): 2.9999},
    invalid=1,
)
OUTCOMES = [
    pytest.param(BINARY, id="binary"),
    pytest.param(
        MulticlassOutcome(cells={("ü", None): 1, ("ü", "a"): 2}), id="multiclass"
    ),
    pytest.param(
        RegressionOutcome(rows=2, labelled=1, sums={"e": -1.5}), id="regression"
    ),
]
COLUMNS: dict[str, ColumnCounts] = {
    "x": ContinuousCounts(rows=4, nulls=1, total=0.1 + 0.2, coarse={0: 3}, fine={7: 3}),
    "größe 'x'": CategoricalCounts(rows=4, counts={"空": 3, "": 1}),
}


def full(outcome: Outcome = BINARY) -> DayProfile:
    """Return a profile with something in every part."""
    service = ServiceCounts(rows=4, latency={-3: 2, 5: 2}, errors=1)
    return make_profile(
        rows=4, labelled=3, outcome=outcome, columns=COLUMNS, service=service
    )
