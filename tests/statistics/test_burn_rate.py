from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.contract.slos import Slo
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.statistics.burn_rate import SloState, SloStatus, assess
from monitoring_tasks.statistics.day_grades import KnownDay

DAY = date(2024, 3, 1)
AUC = {"source": "realized", "metric": "roc_auc"}
MISSING = {"verdict": None, "data_verdict": None, "value": None, "is_mature": False}


def make_slo(**parts: object) -> Slo:
    """Promise an AUC of 0.6 on 90 % of 28 days, parts replaced."""
    known = {"name": "auc", "indicator": AUC, "min": 0.6, "target": 0.9}
    return Slo.model_validate(known | parts)


def make_watch(source: str) -> Slo:
    """Promise that 90 % of 28 days are fit, or judged on time."""
    return make_slo(indicator={"source": source}, min=None)


def make_day(value: float | None = 0.7, **parts: Any) -> KnownDay:  # noqa: ANN401 (fields)
    """Return a mature, fit, judged day, parts replaced."""
    known: dict[str, Any] = {
        "day": DAY,
        "verdict": Verdict.OK,
        "data_verdict": Verdict.OK,
        "value": value,
        "is_mature": True,
        "is_on_time": True,
    }
    return KnownDay(**known | parts)


def assess_marks(marks: str, **parts: object) -> SloStatus:
    """Assess days written as `.` (good), `x` (bad), `-` (nobody judged it)."""
    days = [
        make_day(
            {".": 0.7, "x": 0.5}.get(mark), verdict=None if mark == "-" else Verdict.OK
        )
        for mark in marks
    ]
    dated = [replace(d, day=DAY + timedelta(days=n)) for n, d in enumerate(days)]
    return assess(make_slo(**parts), dated)


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        pytest.param("." * 28, SloState.MET, id="all good"),
        pytest.param("", SloState.INSUFFICIENT, id="no day"),
        pytest.param("-" * 28, SloState.INSUFFICIENT, id="no valid day"),
        pytest.param("-" * 15 + "." * 13, SloState.INSUFFICIENT, id="13 valid"),
        pytest.param("-" * 14 + "." * 14, SloState.MET, id="14 valid"),
        pytest.param("-" * 15 + "x" * 13, SloState.INSUFFICIENT, id="13 bad"),
        pytest.param("xx" + "." * 26, SloState.MET, id="2 of 2.8, long ago"),
        pytest.param("xxx" + "." * 25, SloState.EXHAUSTED, id="3 of 2.8"),
        pytest.param("." * 27 + "x", SloState.MET, id="1 of late"),
        pytest.param("x" + "." * 26 + "x", SloState.AT_RISK, id="1 before, 1 of late"),
        pytest.param("." * 26 + "xx", SloState.AT_RISK, id="2 of late"),
        pytest.param("xx" + "." * 12, SloState.AT_RISK, id="2 of 14: below target"),
        pytest.param("-" * 13 + "x" + "." * 14, SloState.MET, id="1 of 15"),
    ],
)
def test_state_of_a_budget_of_2_8_days(marks: str, state: SloState) -> None:
    """Each state begins where the docstring of `assess` says."""
    status = assess_marks(marks)
    assert status.state is state
    assert status.freezes_promotions is (state is SloState.EXHAUSTED)


@pytest.mark.parametrize(
    ("bad", "state"),
    [(2, SloState.AT_RISK), (3, SloState.AT_RISK), (4, SloState.EXHAUSTED)],
)
def test_budget_that_is_just_spent_is_not_exhausted(bad: int, state: SloState) -> None:
    """0.9 of 30 days leaves 3: the third bad day still keeps the promise."""
    marks = "." * (30 - bad) + "x" * bad
    assert assess_marks(marks, window_days=30).state is state


def test_budget_that_would_just_be_spent_is_not_at_risk() -> None:
    """As many bad days again as of late may use the budget up, and no more."""
    assert assess_marks("x" + "." * 28 + "x", window_days=30).state is SloState.MET


def test_numbers_of_a_status() -> None:
    """Spent, left and burn are those of the valid days; `recent` those at the end."""
    status = assess_marks("x" + "-" * 7 + "." * 18 + "x.")
    assert (status.good_days, status.bad_days, status.valid_days) == (19, 2, 21)
    assert len(status.days) == 28
    assert status.remaining_days == pytest.approx(0.8)
    assert status.burn_rate == pytest.approx(2 / 21 / 0.1)
    assert status.recent_burn_rate == pytest.approx(1 / 7 / 0.1)
    assert status.reason == "2 bad of 21 valid days; 2.8 are allowed"


def test_recent_days_skip_those_that_are_not_valid() -> None:
    """The recent past is made of valid days, however far back they lie."""
    status = assess_marks("." * 14 + "x" + "-" * 10, recent_days=1)
    assert status.recent_burn_rate == pytest.approx(10)


def test_no_valid_day_has_no_burn_rate() -> None:
    """Nothing over nothing is no number, and no health."""
    status = assess_marks("---")
    assert (status.burn_rate, status.recent_burn_rate) == (None, None)
    assert status.reason.endswith("14 valid days are needed to judge it")


def test_overspent_budget_is_below_zero_and_says_what_follows() -> None:
    """An exhausted budget asks to hold back new versions."""
    status = assess_marks("x" * 28)
    assert status.remaining_days == pytest.approx(-25.2)
    assert "release no new version" in status.reason


@pytest.mark.parametrize(
    "offsets", [pytest.param([1, 0], id="order"), pytest.param([0, 0], id="twice")]
)
def test_days_out_of_order_are_refused(offsets: list[int]) -> None:
    """A day that counted twice would spend the budget twice."""
    days = [make_day(day=DAY + timedelta(days=n)) for n in offsets]
    with pytest.raises(ValueError, match="in order"):
        assess(make_slo(), days)


def test_more_days_than_the_window_are_refused() -> None:
    """A longer past than was promised about is a mistake of the caller."""
    with pytest.raises(ValueError, match="29 days are more than the window of 28"):
        assess_marks("." * 29)


@given(
    marks=st.text(alphabet=".x-", max_size=28),
    at=st.integers(min_value=0, max_value=27),
)
def test_bad_day_never_mends_a_budget(marks: str, at: int) -> None:
    """Turning a good day bad never makes the state better."""
    order = [SloState.MET, SloState.AT_RISK, SloState.EXHAUSTED]
    worse = "".join("x" if n == at and m == "." else m for n, m in enumerate(marks))
    before, after = assess_marks(marks).state, assess_marks(worse).state
    if before is SloState.INSUFFICIENT:
        assert after is before
    else:
        assert order.index(after) >= order.index(before)
