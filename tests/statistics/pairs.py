"""Estimates and what came true, made up."""

from datetime import date, timedelta

from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.statistics.estimate_pairs import Pair
from tests.builders import make_measurement

FIRST = date(2013, 1, 1)
KEY = ("1", "all", "roc_auc")


def make_number(
    kind: Kind,
    value: float | None,
    *,
    day: int = 0,
    half: float | None = 0.05,
    labelled: int = 1000,
    **parts: object,
) -> DatedNumber:
    """Return a number of the nth day with `half` an interval on either side."""
    known = value is not None and half is not None
    return DatedNumber(
        day=FIRST + timedelta(days=day),
        measurement=make_measurement(
            kind=kind,
            value=value,
            lower=value - half if known and value and half else None,
            upper=value + half if known and value and half else None,
            **parts,
        ),
        rows=1000,
        labelled=labelled,
    )


def make_pair(
    estimated: float, realized: float, *, day: int = 0, half: float | None = 0.05
) -> Pair:
    """Return both numbers of the nth day with the same interval around either."""
    return Pair(
        day=FIRST + timedelta(days=day),
        estimated=make_number(Kind.ESTIMATED, estimated, half=half).measurement,
        realized=make_number(Kind.REALIZED, realized, half=half).measurement,
    )
