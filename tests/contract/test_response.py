from datetime import date
from itertools import product
from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_tasks.contract.response import Freeze, Response, lower
from monitoring_tasks.domain.autonomy import AUTONOMY_LEVELS, ResponseMode
from tests.builders import make_contract

M = ResponseMode


def test_contract_that_says_nothing_lets_daywatch_watch() -> None:
    """The lowest level; what follows is what the design asks for."""
    response = make_contract().response
    assert response == Response()
    assert response.mode is M.OBSERVE
    assert (response.autonomy.decisions, response.autonomy.agreement) == (20, 0.95)
    assert (response.decision_hours, response.bake_days) == (24, 3)
    assert response.automatic_every_days == 28
    assert (response.fallback, response.freezes, response.consumers) == (None, (), ())


def test_ladder_goes_up() -> None:
    """Each level may do what the one below may."""
    assert AUTONOMY_LEVELS == (M.OBSERVE, M.DRY_RUN, M.APPROVE, M.AUTO)


@pytest.mark.parametrize(("left", "right"), list(product(M, M)))
def test_lower_gives_the_level_further_down(
    left: ResponseMode, right: ResponseMode
) -> None:
    """Whichever comes first."""
    found = lower(left, right)
    assert found is lower(right, left)
    assert found in {left, right}
    assert AUTONOMY_LEVELS.index(found) <= min(
        AUTONOMY_LEVELS.index(left), AUTONOMY_LEVELS.index(right)
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"mode": "yolo"},
        {"autonomy": {"decisions": -1}},
        {"autonomy": {"agreement": 1.01}},
        {"autonomy": {"agreement": -0.01}},
        {"decision_hours": 0},
        {"bake_days": 0},
        {"automatic_every_days": -1},
        {"max_target_age_days": 0},
        {"fallback": "rules"},
        {"fallback": ""},
        {"freezes": [{"first": "2013-12-24", "last": "2013-12-23", "reason": "r"}]},
        {"freezes": [{"first": "2013-12-24", "last": "2013-12-24", "reason": ""}]},
        {"bakedays": 3},
    ],
)
def test_response_that_means_nothing_is_refused(parts: dict[str, Any]) -> None:
    """A slip in the contract is found when it is read, not at 3 a.m."""
    with pytest.raises(ValidationError):
        Response.model_validate(parts)


def test_freeze_of_one_day_is_a_freeze() -> None:
    """Both ends are included."""
    day = date(2013, 12, 24)
    assert Freeze(first=day, last=day, reason="r").last == day
