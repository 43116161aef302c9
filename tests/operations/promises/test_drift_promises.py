"""Drift of the promised size is past its limit on four days of five."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from monitoring_tasks.compare.baseline import expect_distance
from monitoring_tasks.compare.thresholds import drift_limit
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.estimate.counting import count_days, learn_vocabulary
from monitoring_tasks.estimate.drift import measure_drift
from monitoring_tasks.operations.promises.drift_promises import (
    drift_tests,
    watched_columns,
)
from monitoring_tasks.operations.promises.told_days import POWER, smallest
from monitoring_tasks.rows.names import DAY
from tests.operations.promises.conftest import DAYS, FIRST
from tests.scenarios import world

DRAWN = 40
SPREADS = {"amount": 2.0, "rate": 1.0}
"""The world's own standard deviations."""


def moved(rows: pd.DataFrame, column: str, size: float) -> pd.DataFrame:
    """Return a day whose column moved by so many spreads, or so much of the rows."""
    if column in SPREADS:
        return rows.assign(**{column: rows[column] + size * SPREADS[column]})
    is_web = (rows[column] == "web").to_numpy()
    leaves = np.flatnonzero(is_web)[: round(size * len(rows))]
    return rows.assign(**{column: rows[column].mask(rows.index.isin(leaves), "branch")})


def distance(
    rows: pd.DataFrame, column: str, reference: ReferenceProfile, contract: Contract
) -> float:
    """Return the judged distance of a day's column, by the day's own code."""
    table = pa.Table.from_pandas(rows, preserve_index=False)
    day = rows["at"].iloc[0].date()
    table = table.append_column(DAY, pa.array([day] * len(rows), pa.date32()))
    daily = count_days(
        table,
        contract=contract,
        version="2",
        bins=reference.bins,
        vocabulary=learn_vocabulary(table, contract=contract, version="2"),
    )
    (whole,) = (profile for profile in daily if profile.segment == "all")
    (value,) = (
        m.value
        for m in measure_drift(reference, whole)
        if (m.metric, m.column) == ("jensen_shannon", column)
    )
    assert value is not None
    return value


@pytest.mark.parametrize("column", ["amount", "rate", "channel"])
def test_drift_of_the_promised_size_is_past_its_limit(
    reference: ReferenceProfile, contract: Contract, column: str
) -> None:
    """On about four days of five; a formula, so not on the digit."""
    (test,) = (t for t in drift_tests(reference, contract) if t.about == column)
    (watched,) = (w for w in watched_columns(reference, contract) if w.column == column)
    size = smallest(test.chance, POWER, largest=test.largest)
    assert size is not None
    expected = expect_distance(watched.noise, day=FIRST, rows=world.ROWS)
    limit = drift_limit(contract.policy, "jensen_shannon", expected).high
    assert limit is not None

    def share_past(size: float) -> float:
        days = [FIRST + timedelta(days=DAYS + number) for number in range(DRAWN)]
        values = [
            distance(
                moved(world._score(world.make_rows(day), "2"), column, size),
                column,
                reference,
                contract,
            )
            for day in days
        ]
        return float(np.mean([value > limit for value in values]))

    assert share_past(0.75 * size) < POWER < share_past(1.25 * size)


def test_outputs_are_a_family_of_their_own(
    reference: ReferenceProfile, contract: Contract
) -> None:
    """What the model reads may drift with the world; what it says is told apart."""
    families = {t.about: t.family for t in drift_tests(reference, contract)}
    assert families == {
        "amount": "drift of inputs",
        "rate": "drift of inputs",
        "score": "drift of outputs",
        "channel": "drift of inputs",
    }


def test_fewer_reference_days_than_are_needed_promise_nothing(
    reference: ReferenceProfile,
) -> None:
    """There the limit is not learnt."""
    policy = {"min_reference_days": DAYS + 1, "drift": {"multivariate": False}}
    short = Contract.model_validate(world.CONTRACT | {"policy": policy})
    assert list(drift_tests(reference, short)) == []
