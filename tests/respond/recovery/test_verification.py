from datetime import date, timedelta

import pytest

from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.findings import VALID, Verdict
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.respond.recovery.verification import Bake, bake
from tests.builders import (
    DAY,
    make_past,
    make_rollback,
)

S = RollbackState
OK, WARN, BREACH = Verdict.OK, Verdict.WARN, Verdict.BREACH
NO_DATA = Verdict.NO_DATA


def days(*found: Verdict | tuple[Verdict, str], first: date = DAY) -> list[PastDay]:
    """Return days in a row, of version 1 unless said."""
    told = [one if isinstance(one, tuple) else (one, "1") for one in found]
    return [
        make_past(first + timedelta(days=number), verdict, version=version)
        for number, (verdict, version) in enumerate(told)
    ]


def baked(seen: list[PastDay]) -> Bake | None:
    """Ask what the last of these days does to a move made on the first day."""
    *history, today = seen
    return bake(make_rollback(), today, moved_on=DAY, history=history, bake_days=3)


@pytest.mark.parametrize(
    ("seen", "count", "state"),
    [
        pytest.param(days(OK), 1, None, id="first day"),
        pytest.param(days(OK, OK), 2, None, id="one too few"),
        pytest.param(days(OK, OK, OK), 3, S.VERIFIED, id="just enough"),
        pytest.param(days(OK, OK, OK, OK), 4, S.VERIFIED, id="more"),
        pytest.param(days(OK, OK, BREACH, OK), 1, None, id="a bad day begins anew"),
        pytest.param(days(OK, OK, WARN, OK), 1, None, id="a warning too"),
        pytest.param(days(OK, OK, WARN), 0, None, id="today is not good"),
        pytest.param(days(OK, OK, BREACH), 0, None, id="a breach to be confirmed"),
        pytest.param(days((OK, "2"), (OK, "2"), OK), 1, None, id="old job went on"),
        pytest.param(days(OK, OK, (OK, "3"), OK), 1, None, id="another in between"),
        pytest.param(
            days(OK, OK, (NO_DATA, ""), OK), 3, S.VERIFIED, id="a day without rows"
        ),
        *(
            pytest.param(days(OK, v, OK, OK), 3, S.VERIFIED, id=f"{v} is passed over")
            for v in Verdict
            if v not in VALID
        ),
        *(
            pytest.param(days(OK, OK, v), 2, None, id=f"{v} makes nothing good")
            for v in Verdict
            if v not in VALID
        ),
        pytest.param(
            days(OK, OK, OK, first=DAY - timedelta(days=2)), 1, None, id="of before"
        ),
    ],
)
def test_good_valid_days_of_the_target_are_counted(
    seen: list[PastDay], count: int, state: RollbackState | None
) -> None:
    """In a row, served by it, since the alias moved; missing evidence is neither."""
    said = baked(seen)
    assert said is not None
    assert (said.state, f"{count} of 3 good days" in said.text) == (state, True)


def test_target_in_confirmed_breach_has_regressed() -> None:
    """It is bad as well: no second move, a person decides."""
    said = bake(
        make_rollback(),
        PastDay(day=DAY, version="1", verdict=OK, performance=BREACH, confirmed=True),
        moved_on=DAY,
        history=(),
        bake_days=1,
    )
    assert said is not None
    assert said.state is S.REGRESSED
    assert "nothing is moved a second time" in said.text


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(days((BREACH, "2")), id="the old version served"),
        pytest.param(days((OK, "3")), id="a third one served"),
        pytest.param(days((NO_DATA, "")), id="none served"),
        pytest.param(days(OK, first=DAY - timedelta(days=1)), id="before the move"),
    ],
)
def test_day_the_target_did_not_serve_says_nothing(seen: list[PastDay]) -> None:
    """The prediction log says who served, the alias does not."""
    assert baked(seen) is None
