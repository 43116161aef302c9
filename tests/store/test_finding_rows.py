"""Numbers as the store gives them back, told without asking it."""

import math
from dataclasses import replace

import numpy as np
import pytest

from monitoring_tasks.domain.findings import Finding, Limit, Measurement, Verdict
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.finding_rows import as_read_back
from monitoring_tasks.store.results import Results
from tests.builders import make_finding, make_measurement, make_unit

NUMBERS = [
    make_measurement(metric="f1", value=None, reason="no row"),
    make_measurement(segment="carrier=ÅÄ", value=1 / 3),
    make_measurement(segment="Carrier=b", value=math.inf),
    make_measurement(horizon=28, value=5e-324),
    make_measurement(horizon=7),
]
JUDGED = [
    make_finding(Verdict.WARN, limit=Limit(low=0, high=0.5, origin="contract")),
    replace(make_finding(Verdict.OK), measurement=NUMBERS[1], p_value=0.1),
]


def test_they_are_what_the_store_gives_back(database: Database) -> None:
    """In its order, each once and as it was judged last; whole limits stay whole."""
    unit, results = make_unit(), Results(database)
    results.start(unit, predictions=None, labels=None, problem=None)
    results.save_measurements(unit, NUMBERS, header={})
    results.save_findings(unit, JUDGED, [])
    told = as_read_back([*NUMBERS, *JUDGED])
    assert told is not None
    assert repr(list(told)) == repr(results.numbers(unit))
    assert len(told) == len({n.key for n in NUMBERS} | {JUDGED[0].measurement.key})


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(make_measurement(value=math.nan), id="nan"),
        pytest.param(make_measurement(value=np.float64(0.5)), id="numpy"),
        pytest.param(make_measurement(value=1), id="whole"),
        pytest.param(make_measurement(rows=np.int64(3)), id="rows"),
        pytest.param(replace(make_finding(Verdict.OK), p_value=math.nan), id="p_value"),
        pytest.param(
            make_finding(Verdict.OK, limit=Limit(high=np.float64(1.0))), id="limit"
        ),
    ],
)
def test_what_may_come_back_otherwise_has_to_be_read(
    number: Finding | Measurement,
) -> None:
    """A database makes nothing of NaN, and knows no number of numpy's."""
    assert as_read_back([NUMBERS[0], number]) is None
    assert as_read_back([NUMBERS[0], replace(NUMBERS[1], value=0.5)]) is not None
