import pandas as pd
import pytest

from monitoring_tasks.demo.flights import load_flights


@pytest.fixture(scope="package")
def flights() -> pd.DataFrame:
    """The whole year, read once."""
    return load_flights()
