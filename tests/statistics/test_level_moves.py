"""How far a daily number moved, and how often chance moves it so far."""

from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.statistics.level_moves import (
    FEWEST_DAYS,
    DayLevel,
    level_move,
    log_odds,
    share_level,
    share_of,
)

FIRST = date(2024, 1, 1)


def days_of(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[DayLevel]:
    """Return a number of days in a row."""
    return [
        DayLevel(day=FIRST + timedelta(days=n), value=float(value), error=0.0, rows=100)
        for n, value in enumerate(values)
    ]


def test_too_few_days_say_nothing() -> None:
    """Nor does no day now."""
    days = days_of(np.arange(FEWEST_DAYS, dtype=np.float64))
    assert level_move(days[1:], days[:1]) is None
    assert level_move(days, []) is None


@pytest.mark.parametrize("span", [1, 7])
def test_chance_moves_a_number_so_far_as_often_as_is_said(span: int) -> None:
    """Days resemble each other by .3: never more often than 1 % is passed at 1 %."""
    random, passed, tries = np.random.default_rng(1), 0, 2000
    for _ in range(tries):
        values = np.zeros(35 + span)
        for n, shock in enumerate(random.normal(size=len(values))):
            values[n] = 0.3 * values[n - 1] + shock
        days = days_of(values)
        move = level_move(days[:35], days[35:])
        assert move is not None
        passed += move.p_value < 0.01
    assert passed / tries < 0.02


def test_move_is_found_and_a_wider_spread_hides_it() -> None:
    """The error grows with what is known of the spread from elsewhere, never falls."""
    values = np.append(np.tile([1.0, 1.1, 0.9], 10), 2.0)
    move = level_move(days_of(values)[:-1], days_of(values)[-1:])
    assert move is not None
    assert move.distance == pytest.approx(1.0)
    assert move.p_value < 1e-6
    assert move.widened_to(1.0).p_value > 0.1
    assert move.widened_to(0.0).error == move.error


def test_share_of_nothing_is_as_far_off_as_its_rows_can_tell() -> None:
    """Half a row on either side: log odds without end would hide every fault."""
    few, many = (share_level(FIRST, 0.0, n, usual=0.2) for n in (10, 1000))
    assert many.value < few.value < log_odds(0.2)
    assert share_of(log_odds(0.2)) == pytest.approx(0.2)
    assert share_level(FIRST, 0.2, 1000, usual=0.2, beside=0.2).value == pytest.approx(
        0.0, abs=0.01
    )
