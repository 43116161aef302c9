"""Has the relation of labels to outputs ended overnight?"""

from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.domain.label_summary import LabelSummary
from monitoring_tasks.statistics.label_slopes import slope_move, vanished

FIRST = date(2024, 1, 1)


def days_of(
    *slopes: float | None, error: float | None = 0.05, first: int = 0
) -> list[LabelDay]:
    """Return days in a row of such slopes."""
    return [
        LabelDay(
            day=FIRST + timedelta(days=first + n),
            labels=LabelSummary(rows=500, slope=slope, slope_error=error),
            is_calm=True,
        )
        for n, slope in enumerate(slopes)
    ]


BEFORE = days_of(*[1.0, 1.05, 0.95] * 7)


@pytest.mark.parametrize(
    ("now", "error", "is_told"),
    [
        pytest.param([0.0, 0.02], 0.05, True, id="nothing is left"),
        pytest.param([0.3, 0.3], 0.05, False, id="a third is left"),
        pytest.param([0.2, 0.2], 0.05, False, id="a quarter may be left"),
        pytest.param([0.0, 0.02], 0.3, False, id="too few rows to tell"),
        pytest.param([0.0, 0.02], None, True, id="days that kept no error"),
        pytest.param([None, None], 0.05, False, id="outputs that do not vary"),
    ],
)
def test_relation_has_vanished_where_its_upper_end_is_next_to_nothing(
    now: list[float | None], error: float | None, *, is_told: bool
) -> None:
    """Held against what was usual, its own error allowed for."""
    since = days_of(*now, error=error, first=21)
    assert bool(vanished(BEFORE, since, chance=0.05)) is is_told


def test_relation_that_was_loose_or_crept_away_has_not_vanished_overnight() -> None:
    """There was nothing to lose, or it had gone before."""
    gone = days_of(0.0, 0.0, first=21)
    assert vanished(days_of(*[0.1, 0.3, -0.1] * 7), gone, chance=0.05) is None
    crept = days_of(*[1.0, 1.05, 0.95] * 6, 0.3, 0.2, 0.1)
    assert vanished(crept, gone, chance=0.05) is None
    assert vanished(BEFORE[:6], gone, chance=0.05) is None


@pytest.mark.parametrize("error", [0.05, 0.2, 0.5])
def test_healthy_relation_is_never_told_to_have_vanished(error: float) -> None:
    """Few rows widen its error."""
    random = np.random.default_rng(8)
    for _ in range(100):
        days = days_of(*random.normal(1.0, error, 23).tolist(), error=error)
        assert vanished(days[:21], days[21:], chance=0.05) is None


def test_move_of_a_slope_is_held_like_any_level() -> None:
    """Days without one do not count."""
    move = slope_move([*BEFORE, *days_of(None)], days_of(0.5, first=22))
    assert move is not None
    assert (move.days, move.usual) == (21, pytest.approx(1.0))
