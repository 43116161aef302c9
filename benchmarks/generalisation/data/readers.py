"""The rows of the data sets, read from packages that are installed anyway."""

from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from benchmarks.generalisation.data.schema import LABEL, TIME
from benchmarks.judgement import census
from benchmarks.judgement.shipped import shipped_rows
from monitoring_tasks.demo.flights import load_flights

NEVER_DRIFTED = 25_000
"""Rows of the car loans' analysis half that its makers left as they were."""
MARITAL = {"1": "married", "5": "never"}
NORTH = 36.0
"""Degrees of latitude."""


def read_flights() -> pd.DataFrame:
    """Read the flights that arrived, on their real days."""
    rows = load_flights().rename(columns={"scheduled_at": TIME, "arr_late": LABEL})
    return rows[rows[LABEL].notna()].reset_index(drop=True)


def read_car_loans() -> pd.DataFrame:
    """Read the loans, without those their makers drifted."""
    truth = shipped_rows("synthetic_car_loan_analysis_target.csv")
    later = shipped_rows("synthetic_car_loan_analysis.csv").merge(truth, on="id")
    first = shipped_rows("synthetic_car_loan_reference.csv")
    rows = pd.concat([first, later.head(NEVER_DRIFTED)], ignore_index=True)
    return rows.rename(columns={"repaid": LABEL})


def read_credit_cards() -> pd.DataFrame:
    """Read the reference half of the cards."""
    return shipped_rows("mc_reference.csv").rename(columns={"y_true": LABEL})


def read_used_cars() -> pd.DataFrame:
    """Read the reference half of the cars."""
    rows = shipped_rows("regression_synthetic_reference.csv")
    return rows.rename(columns={"y_true": LABEL})


def read_census() -> pd.DataFrame:
    """Read the answers of 2015 to 2018; `block` numbers households."""
    truth = shipped_rows("employment_MA_analysis_target.pq")
    later = shipped_rows("employment_MA_analysis.pq").merge(truth, on="id")
    first = shipped_rows("employment_MA_reference.pq")
    rows = pd.concat([first, later], ignore_index=True)
    heads = rows["RELP"].astype("str").isin(census.HEADS)
    return rows.assign(block=heads.cumsum()).rename(columns={"employed": LABEL})


def read_marital() -> pd.DataFrame:
    """Read the same answers with another label: married, before, or never."""
    rows = read_census()
    state = rows["MAR"].astype("str").map(MARITAL).fillna("before")
    return rows.assign(**{LABEL: state})


def read_housing() -> pd.DataFrame:
    """Read the blocks of houses; places in words are made from the coordinates."""
    names = ("california_housing_reference.csv", "california_housing_analysis.csv")
    rows = pd.concat([shipped_rows(name) for name in names], ignore_index=True)
    region = rows["Latitude"].gt(NORTH).map({True: "north", False: "south"})
    side = rows["Longitude"].add(rows["Latitude"]).lt(-84).map({True: "w", False: "e"})
    return rows.assign(region=region, side=side).rename(columns={"MedInc": LABEL})


def read_visits() -> pd.DataFrame:
    """Read who saw a doctor in a year; health and plan are put into words."""
    spec = find_spec("statsmodels")
    folder = Path(str(spec and spec.origin)).parent / "datasets" / "randhie"
    rows = pd.read_csv(folder / "randhie.csv")
    health = pd.Series("excellent", index=rows.index)
    for word, name in (("good", "hlthg"), ("fair", "hlthf"), ("poor", "hlthp")):
        health = health.mask(rows[name].eq(1), word)
    plan = rows["idp"].map({0: "shared", 1: "individual"})
    return rows.assign(health=health, plan=plan, **{LABEL: rows["mdvis"].gt(0)})
