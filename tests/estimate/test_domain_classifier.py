"""A day told from its reference by NannyML's classifier: equal to it, never silent."""

from datetime import date, timedelta
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.row_estimators import estimators, unmeasured
from monitoring_tasks.estimate.row_noise import row_noise
from monitoring_tasks.estimate.rowwise import fit_classifier
from monitoring_tasks.rows.encoding import encode, learn_code_book
from tests.builders import COLUMNS, make_contract

FEATURES = {**COLUMNS, "continuous": ["x", "y"], "categorical": ["z"]}
CONTRACT = make_contract(
    columns=FEATURES,
    policy={"drift": {"multivariate": False, "domain_classifier": True}},
)
# NannyML warns of its one chunk, tells a reference from nothing at first, and uses
# what pandas 4 will take away.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The resulting number of chunks is too low"),
    pytest.mark.filterwarnings("ignore:Only one class is present in y_true"),
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
    pytest.mark.usefixtures("nannyml"),
]


def make_rows(n: int, seed: int, *, together: float = 0.0) -> pd.DataFrame:
    """Make two columns that move together more or less, and a category."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = together * x + np.sqrt(1 - together**2) * rng.normal(size=n)
    return pd.DataFrame({"x": x, "y": y, "z": rng.choice(["a", "b"], n)})


def area(reference: pd.DataFrame, day: pd.DataFrame) -> float | None:
    """Measure a day."""
    fitted = fit_classifier(reference, CONTRACT.columns)
    return fitted.measure(day, version="1", confidence=0.95)[0].value


def test_area_equals_nannyml(nannyml: ModuleType) -> None:
    """One thread and coded categories change nothing."""
    reference, day = make_rows(1500, 1), make_rows(300, 2, together=0.7)
    book = learn_code_book(reference, CONTRACT.columns)
    theirs = nannyml.DomainClassifierCalculator(
        feature_column_names=book.columns,
        chunk_number=1,
        hyperparameters={"random_state": 13, "n_jobs": 1, "verbosity": -1},
    )
    theirs.fit(encode(reference, book))
    expected = theirs.calculate(encode(day, book)).data.iloc[-1]
    ours = area(reference, day)
    assert ours == pytest.approx(expected["domain_classifier_auroc", "value"], abs=1e-9)


def test_area_rises_when_columns_stop_moving_as_they_did() -> None:
    """No column drifts by itself, and still the day is told; an alike one is not."""
    reference = make_rows(3000, 1)
    alike = area(reference, make_rows(600, 2))
    together = area(reference, make_rows(600, 3, together=0.95))
    assert alike == pytest.approx(0.5, abs=0.06)
    assert together is not None
    assert together > 0.75


def test_days_do_not_leak_into_each_other() -> None:
    """The same day has the same number whatever was measured before."""
    fitted = fit_classifier(make_rows(1000, 1), CONTRACT.columns)
    day, other = make_rows(200, 2), make_rows(200, 3, together=0.9)
    numbers = [
        fitted.measure(d, version="1", confidence=0.95)[0].value
        for d in (day, other, day)
    ]
    assert numbers[0] == numbers[2] != numbers[1]


@pytest.mark.parametrize(("rows", "has_value"), [(49, False), (50, True), (51, True)])
def test_few_rows_have_a_reason(rows: int, has_value: bool) -> None:  # noqa: FBT001 (a case)
    """Hardly any of the day would be in a fold."""
    fitted = fit_classifier(make_rows(500, 1), CONTRACT.columns)
    (found,) = fitted.measure(make_rows(rows, 2), version="1", confidence=0.95)
    assert (found.value is not None) is has_value
    assert has_value or "too few" in found.reason


def test_reference_with_few_rows_is_refused() -> None:
    """49 rows are told from nothing."""
    with pytest.raises(EstimationError, match="too few to learn from"):
        fit_classifier(make_rows(49, 1), CONTRACT.columns)


@pytest.mark.parametrize(
    ("drift", "metrics"),
    [
        pytest.param({}, ["reconstruction_error"], id="as shipped"),
        pytest.param(
            {"domain_classifier": True},
            ["reconstruction_error", "domain_classifier_auroc"],
            id="both",
        ),
        pytest.param({"multivariate": False}, [], id="neither"),
    ],
)
def test_policy_says_what_is_measured(
    drift: dict[str, bool], metrics: list[str]
) -> None:
    """The classifier is dear: it runs only where a contract asks for it."""
    contract = make_contract(columns=FEATURES, policy={"drift": drift})
    assert [m for one in estimators(contract) for m in one.metrics] == metrics
    assert contract.measures_rows is bool(metrics)
    assert [m.metric for m in unmeasured(contract, "1", reason="why")] == metrics


def test_reference_days_teach_what_is_usual() -> None:
    """The area of its own days, each told from the others, is kept."""
    rows = make_rows(800, 1)
    days = [date(2026, 1, 1) + timedelta(days=n // 100) for n in range(800)]
    learnt = row_noise(rows, days, CONTRACT, "1")
    noise = learnt["drift/domain_classifier_auroc//all"]
    assert noise.days == 8
    assert noise.mean == pytest.approx(0.5, abs=0.08)
