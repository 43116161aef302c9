"""NannyML and its bundled data, loaded once."""

import importlib
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

import monitoring_tasks.settings  # noqa: F401 (switches off the telemetry of NannyML)

Rows = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="session")
def nannyml() -> ModuleType:
    """NannyML, imported once; the warnings of its own imports are not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("nannyml")


def load(loader: Callable[[], Any], names: dict[str, str]) -> Rows:
    """Load reference rows and later rows with their labels, columns by role."""
    with warnings.catch_warnings():
        # NannyML reads its files through a deprecated function of importlib.
        warnings.filterwarnings("ignore", "path is deprecated", DeprecationWarning)
        reference, later, labels = loader()
    later = later.merge(labels, on="id")
    return reference.rename(columns=names), later.rename(columns=names)


@pytest.fixture(scope="session")
def car_loan(nannyml: ModuleType) -> Rows:
    """50,000 reference rows and 50,000 later rows; scores of two decimals."""
    return load(
        nannyml.load_synthetic_car_loan_dataset,
        {"y_pred_proba": "score", "y_pred": "prediction", "repaid": "label"},
    )


@pytest.fixture(scope="session")
def census(nannyml: ModuleType) -> Rows:
    """68,785 reference rows and 208,892 later rows; scores hardly ever tied."""
    return load(
        nannyml.load_us_census_ma_employment_data,
        {"predicted_probability": "score", "employed": "label"},
    )


@pytest.fixture(scope="session")
def car_price(nannyml: ModuleType) -> Rows:
    """60,000 reference rows and 60,000 later rows of a regression model."""
    return load(
        nannyml.load_synthetic_car_price_dataset,
        {"y_pred": "prediction", "y_true": "label"},
    )


@pytest.fixture(scope="session")
def cards(nannyml: ModuleType) -> Rows:
    """60,000 reference rows and 60,000 later rows of a model of three classes."""
    return load(
        nannyml.load_synthetic_multiclass_classification_dataset,
        {"y_pred": "prediction", "y_true": "label"},
    )
