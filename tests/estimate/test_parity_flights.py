"""The whole path on real flights, counted by the engine, equals NannyML on the rows."""

from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from monitoring_tasks.contract.files import load_contract
from monitoring_tasks.demo.flights import (
    CATEGORICAL,
    CONTINUOUS,
    FEATURES,
    load_flights,
)
from monitoring_tasks.demo.service import add_service
from monitoring_tasks.demo.training import THRESHOLD, Recipe, train
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.counting import count_day
from monitoring_tasks.estimate.drift import measure_drift
from monitoring_tasks.estimate.performance import estimate_performance
from monitoring_tasks.estimate.ranking import auc_bin_error
from monitoring_tasks.estimate.realized import realize
from monitoring_tasks.estimate.reconstruction_learning import fit_reconstruction
from monitoring_tasks.operations.reference_building import make_reference
from monitoring_tasks.rows.encoding import encode, learn_code_book
from tests.estimate.test_parity_drift import (
    ON_BINS,
    ON_CATEGORIES,
    ON_FUNCTION,
    nannyml_distance,
)

pytestmark = [
    # NannyML and pyarrow use pandas in ways that pandas 4 will no longer know.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
    # One day is one chunk, which NannyML finds few.
    pytest.mark.filterwarnings("ignore:The resulting number of chunks is too low"),
]

CONTRACT = Path(__file__).parents[2] / "expectations" / "flight_delay" / "monitor.yaml"
RECIPE = Recipe(first=date(2013, 1, 1), last=date(2013, 2, 28))
DAYS = [date(2013, 3, 5), date(2013, 3, 8)]
KNOT_BLUR = 1e-3
"""What calibrator knots inside a score bin may cost the estimate on a day of flights,
whose scores never tie: at most a few rows change sides of a knot."""


class Flights:
    """Version 1 of the demo on its reference and on days of March."""

    def __init__(self) -> None:
        self.contract = load_contract(CONTRACT).contract
        self.flights = load_flights()
        self.trained = train(self.flights, RECIPE)
        self.rows = self.trained.reference.assign(model_version="1")

    @cached_property
    def reference(self):  # noqa: ANN201 (ReferenceProfile)
        return make_reference(self.rows, self.contract, "1", trained_until=RECIPE.last)

    def day(self, day: date) -> pd.DataFrame:
        """Score a day as the demo's scoring job would."""
        rows = self.flights[self.flights["day"] == pd.Timestamp(day)]
        rows = rows.reset_index(drop=True)
        score = self.trained.model.predict_proba(rows[list(FEATURES)])[:, 1]
        scored = rows.assign(
            score=score, prediction=(score >= THRESHOLD).astype("int64")
        )
        return add_service(scored).drop(columns="day").assign(model_version="1")

    def profile(self, rows: pd.DataFrame, day: date) -> DayProfile:
        """Count a day with the engine."""
        return count_day(
            pa.Table.from_pandas(rows, preserve_index=False),
            contract=self.contract,
            day=day,
            version="1",
            bins=self.reference.bins,
        )[0]


@pytest.fixture(scope="module")
def flights() -> Flights:
    return Flights()


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_distances_equal_nannyml(flights: Flights, day: date) -> None:
    """Same definition on 30,000 reference rows, so the same numbers to 1e-6."""
    rows = flights.day(day)
    ours = {
        (m.column, m.metric): m.value
        for m in measure_drift(flights.reference, flights.profile(rows, day))
    }
    for column in (*CONTINUOUS, "score", *CATEGORICAL):
        is_text = column in CATEGORICAL
        metrics = ON_CATEGORIES if is_text else ON_BINS + ON_FUNCTION
        kind = "categorical" if is_text else "continuous"
        for metric in metrics:
            theirs = nannyml_distance(metric, kind, flights.rows[column], rows[column])
            known = pytest.approx(theirs, rel=1e-6, abs=1e-6)
            assert ours[column, metric] == known, (column, metric)


def test_reconstruction_equals_nannyml(flights: Flights) -> None:
    """Every feature of real flights, nulls and new airports too: to 1e-9."""
    import nannyml as nml  # noqa: PLC0415 (takes seconds)

    columns = flights.contract.columns
    book = learn_code_book(flights.rows, columns)
    theirs = nml.DataReconstructionDriftCalculator(book.columns, chunk_number=1)
    theirs.fit(encode(flights.rows, book))
    fitted = fit_reconstruction(flights.rows, columns)
    for day in DAYS:
        rows = flights.day(day)
        last = theirs.calculate(encode(rows, book)).data.iloc[-1]
        known = last["reconstruction_error", "value"]
        (ours,) = fitted.measure(rows, version="1", confidence=0.95)
        assert ours.value == pytest.approx(known, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("day", DAYS[:1], ids=str)
def test_performance_equals_nannyml_within_what_bins_cost(
    flights: Flights, day: date
) -> None:
    """Counts of decisions are equal to 1e-6 realized; what ranks or calibrates single
    scores differs by ties within a bin (a bound from the counts) and by knots.
    """
    import nannyml as nml  # noqa: PLC0415 (takes seconds)

    metrics = ["roc_auc", "f1", "precision", "recall", "accuracy"]
    known = {"y_pred_proba": "score", "y_pred": "prediction", "y_true": "arr_late"}
    wanted = list(known.values())
    labelled = flights.rows[wanted].dropna().astype({"arr_late": "int64"})
    rows = flights.day(day).dropna(subset="arr_late").astype({"arr_late": "int64"})
    profile = flights.profile(rows, day)
    common = {"metrics": metrics, "problem_type": "classification_binary", **known}
    theirs = {}
    for name, calculator in (
        ("estimated", nml.CBPE(chunk_size=len(rows), **common)),
        ("realized", nml.PerformanceCalculator(chunk_size=len(rows), **common)),
    ):
        fitted = calculator.fit(labelled)
        run = fitted.estimate if name == "estimated" else fitted.calculate
        last = run(rows[wanted]).filter(period="analysis").data.iloc[-1]
        theirs |= {(name, metric): float(last[metric, "value"]) for metric in metrics}
    numbers = [
        *estimate_performance(flights.reference, profile, confidence=0.95),
        *realize(profile, confidence=0.95),
    ]
    ours = {(str(m.kind), m.metric): m.value for m in numbers}
    for key, value in theirs.items():
        bound = KNOT_BLUR if key[0] == "estimated" else 1e-6
        if key == ("realized", "roc_auc"):
            bound += auc_bin_error(profile.outcome)
        found = ours[key]
        assert found is not None
        assert np.abs(found - value) <= bound, key
