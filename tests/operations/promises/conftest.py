"""A reference of six weeks of the small world, made once."""

from datetime import date, timedelta

import pandas as pd
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.operations.reference_building import make_reference, rows_of
from tests.scenarios import world

FIRST, DAYS = date(2024, 3, 1), 42


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The world's contract."""
    return Contract.model_validate(world.CONTRACT)


@pytest.fixture(scope="session")
def reference(contract: Contract) -> ReferenceProfile:
    """Version 2 on 42 days of 400 rows."""
    days = [
        world._score(world.make_rows(FIRST + timedelta(days=number)), "2")
        for number in range(DAYS)
    ]
    rows = rows_of(pd.concat(days, ignore_index=True), contract, "2")
    return make_reference(rows, contract, "2", trained_until=FIRST - timedelta(days=1))
