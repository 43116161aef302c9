from typing import Any

import pytest

from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.statistics.day_grades import DayState, grade
from tests.statistics.test_burn_rate import MISSING, make_day, make_slo, make_watch


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        pytest.param({"value": 0.6}, "good", id="at the limit"),
        pytest.param({"value": 0.5999}, "bad", id="below it"),
        pytest.param({"value": 0.5, "verdict": Verdict.OK}, "bad", id="whatever said"),
        pytest.param({"value": 0.7, "verdict": Verdict.BREACH}, "good", id="breach"),
        pytest.param({"value": None}, "not_valid", id="no value"),
        pytest.param({"value": float("nan")}, "not_valid", id="NaN"),
        pytest.param({"value": float("inf")}, "not_valid", id="infinite"),
        pytest.param({"is_mature": False}, "not_valid", id="immature"),
        pytest.param({"verdict": Verdict.EXCLUDED}, "not_valid", id="excluded"),
        pytest.param({"data_verdict": Verdict.BREACH}, "not_valid", id="quarantined"),
        pytest.param({"data_verdict": Verdict.NO_DATA}, "not_valid", id="no data"),
        pytest.param({"data_verdict": Verdict.WARN}, "good", id="fit with a warning"),
        pytest.param(MISSING, "not_valid", id="nobody looked"),
    ],
)
def test_day_of_a_number_is_good_by_its_value_alone(
    parts: dict[str, Any], state: str
) -> None:
    """The value decides; without one the day is neither good nor bad."""
    graded = grade(make_slo(), make_day(**parts))
    assert (graded.state, bool(graded.reason)) == (state, True)


@pytest.mark.parametrize(("value", "state"), [(0.2, "good"), (0.2001, "bad")])
def test_max_is_the_largest_good_value(value: float, state: str) -> None:
    """A number that may not be large is good up to its `max`, included."""
    assert grade(make_slo(min=None, max=0.2), make_day(value)).state == state


def test_estimate_does_not_wait_for_labels() -> None:
    """Numbers that need no labels count on the day itself."""
    slo = make_slo(indicator={"source": "estimated", "metric": "roc_auc"})
    assert grade(slo, make_day(is_mature=False)).state is DayState.GOOD


@pytest.mark.parametrize(
    ("source", "parts", "state"),
    [
        pytest.param("data", {}, "good", id="fit"),
        pytest.param("data", {"data_verdict": Verdict.WARN}, "good", id="fit, warned"),
        pytest.param("data", {"data_verdict": Verdict.BREACH}, "bad", id="quarantined"),
        pytest.param("data", {"data_verdict": Verdict.ERROR}, "bad", id="not checked"),
        pytest.param("data", {"data_verdict": Verdict.NO_DATA}, "bad", id="no rows"),
        pytest.param("data", MISSING, "bad", id="nobody looked"),
        pytest.param("data", MISSING | {"is_due": False}, "not_valid", id="not due"),
        pytest.param("freshness", {"value": None}, "good", id="on time"),
        pytest.param(
            "freshness", {"data_verdict": Verdict.NO_DATA}, "good", id="unfit"
        ),
        pytest.param("freshness", {"is_on_time": False}, "bad", id="late"),
        pytest.param(
            "freshness", {"is_on_time": False, "is_due": False}, "not_valid", id="early"
        ),
        pytest.param("data", {"verdict": Verdict.EXCLUDED}, "not_valid", id="excluded"),
        pytest.param(
            "freshness", {"verdict": Verdict.EXCLUDED}, "not_valid", id="excluded too"
        ),
    ],
)
def test_missing_day_is_bad_where_that_is_what_is_asked(
    source: str, parts: dict[str, Any], state: str
) -> None:
    """For data and freshness a day that is due and missing is a bad one."""
    assert grade(make_watch(source), make_day(**parts)).state == state
