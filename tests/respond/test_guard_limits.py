from datetime import date, timedelta
from typing import Any

import pytest

from tests.builders import DAY, NOW, make_contract, make_rollback
from tests.respond.guard_cases import (
    FREEZE,
    ago,
    agreed,
    compared,
    failed,
    group,
    judged,
    moves,
    target,
)

LIFE = timedelta(hours=24)
WAITS_TEN_DAYS = make_contract(policy={"labels": {"delay_days": 10}})
LIVE_SINCE = DAY - timedelta(days=40)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        # Each limit: the last that holds, the first that does not.
        ([compared(lower=0.01001), compared(lower=0.01)], "better_on_same_rows"),
        ([compared(candidate=0.5001), compared(candidate=0.5)], "target_good_enough"),
        (
            [compared(groups=(group(0),)), compared(groups=(group(-1e-9),))],
            "target_fair",
        ),
        (
            [
                judged(live_since=LIVE_SINCE, onset=LIVE_SINCE + timedelta(days=d))
                for d in (28, 29)
            ],
            "recent_release",
        ),
        (
            [
                judged(live_since=LIVE_SINCE, onset=LIVE_SINCE + timedelta(days=d))
                for d in (0, -1)
            ],
            "recent_release",
        ),
        (
            [target(trained_until=DAY - timedelta(days=d)) for d in (365, 366)],
            "target_young_enough",
        ),
        ([moves(fleet_today=n, fleet_most=3) for n in (2, 3)], "few_in_fleet"),
        ([moves(last_at=ago(days=9), valid_days=n) for n in (7, 6)], "cool_down"),
        (
            [
                moves(last_at=NOW, valid_days=7),
                moves(last_at=ago(microseconds=-1), valid_days=7),
            ],
            "cool_down",
        ),
        (
            [moves(last_automatic_at=ago(days=28, seconds=s)) for s in (0, -1)],
            "few_automatic",
        ),
        ([judged(day=DAY - timedelta(days=d)) for d in (2, 3)], "scheduled_run"),
        (
            [
                judged(day=DAY - timedelta(days=d), is_told_by_labels=True)
                | {"contract": WAITS_TEN_DAYS}
                for d in (12, 13)
            ],
            "scheduled_run",
        ),
        (
            [
                judged(day=DAY - timedelta(days=d)) | {"contract": WAITS_TEN_DAYS}
                for d in (2, 3)
            ],
            "scheduled_run",
        ),
        ([judged(day=DAY + timedelta(days=d)) for d in (1, 2)], "scheduled_run"),
        (
            [
                {"rollback": make_rollback(proposed_at=at, expires_at=at + LIFE)}
                for at in (ago(seconds=24 * 3600 - 1), ago(hours=24))
            ],
            "decision_fresh",
        ),
        (
            [
                {"rollback": make_rollback(proposed_at=at)}
                for at in (NOW, ago(microseconds=-1))
            ],
            "decision_fresh",
        ),
        (
            [
                agreed(response={"freezes": [FREEZE | {"first": d}]})
                for d in (date(2013, 9, 4), date(2013, 9, 3))
            ],
            "no_freeze",
        ),
        (
            [
                agreed(response={"freezes": [FREEZE | {"last": d}]})
                for d in (date(2013, 9, 2), date(2013, 9, 3))
            ],
            "no_freeze",
        ),
    ],
)
def test_limits_hold_up_to_the_last_that_is_allowed(
    parts: list[dict[str, Any]], name: str
) -> None:
    """One step further they do not."""
    last, first_too_far = parts
    assert failed(**last) == []
    assert failed(**first_too_far) == [name]
