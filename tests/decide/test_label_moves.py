"""Did the labels move with the onset, or only what they mean?"""

from datetime import timedelta

import pytest

from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.decide.label_moves import LabelMoves, dealt_anew_in_segments
from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.domain.label_summary import LabelSummary
from tests.builders import DAY

USUAL, SPREAD = 0.2, 0.06
"""The rate before, and how far it swings: a move of .1 is not surely beyond chance."""


def day(ago: int, rate: float, *, slope: float = 1.0, calm: bool = True) -> LabelDay:
    """Return the labels of a day so many days ago."""
    labels = LabelSummary(
        rows=1000, levels={"1": rate}, outputs={"1": USUAL}, slope=slope
    )
    return LabelDay(day=DAY - timedelta(days=ago), labels=labels, is_calm=calm)


def said(
    rate: float, *, slope: float = 1.0, crept: float = 0.0, swing: float = SPREAD
) -> list[str]:
    """Return what is said of three days of a rate, after four weeks of the usual."""
    before = [
        day(ago, USUAL + swing * (ago % 3 - 1) + (crept if ago < 6 else 0.0))
        for ago in range(30, 2, -1)
    ]
    since = [day(ago, rate, slope=slope, calm=False) for ago in (2, 1, 0)]
    began = DAY - timedelta(days=2)
    return list(LabelMoves((*before, *since), began, Policy()).texts())


@pytest.mark.parametrize(
    ("rate", "slope", "is_told"),
    [
        pytest.param(0.44, 0.2, True, id="four in ten are turned"),
        pytest.param(0.32, 0.6, True, id="two in ten are turned"),
        pytest.param(0.2, 0.4, False, id="most dealt anew: no rate moves"),
        pytest.param(0.2, 1.0, False, id="nothing moved"),
        pytest.param(0.8, -1.0, True, id="all turned"),
    ],
)
def test_turned_labels_move_the_rate_as_far_as_the_slope_says(
    rate: float, slope: float, *, is_told: bool
) -> None:
    """Labels that follow the features less leave as much slope, and no other rate."""
    assert bool(said(rate, slope=slope, swing=0.1)) is is_told


def test_sure_move_is_a_sign_and_one_that_crept_in_is_none() -> None:
    """What was there before the onset did not come with it."""
    assert "60.0% of the labels are positive" in said(0.6, swing=0.01)[0]
    assert said(0.6, swing=0.01, crept=0.35) == []


def test_slope_turned_round_is_a_sign_at_any_rate() -> None:
    """At one half nothing else can tell."""
    (text,) = said(USUAL, slope=-0.8)
    assert "turned round" in text


@pytest.mark.parametrize(
    ("slope", "is_told"),
    [
        pytest.param(0.0, True, id="nothing is left"),
        pytest.param(0.4, False, id="the features mean less"),
        pytest.param(1.0, False, id="as ever"),
    ],
)
def test_labels_that_lost_all_relation_overnight_are_those_of_other_rows(
    slope: float, *, is_told: bool
) -> None:
    """A world that changes leaves a part of it; no rate moves either way."""
    texts = said(USUAL, slope=slope, swing=0.01)
    assert bool(texts) is is_told
    for text in texts:
        assert "labels of other rows" in text


def test_class_called_as_a_positive_one_is_one_of_many() -> None:
    """Its slope is that of all classes, and nothing is turned round."""
    levels = {"1": 0.6, "2": 0.4}
    days = [
        LabelDay(
            day=DAY - timedelta(days=30 - n),
            labels=LabelSummary(
                rows=1000,
                levels=levels,
                outputs=levels,
                slope=0.6 if n < 28 else -0.4,
            ),
            is_calm=n < 28,
        )
        for n in range(31)
    ]
    began = DAY - timedelta(days=2)
    (text,) = LabelMoves(days, began, Policy()).texts()
    assert "labels of other rows" in text


def in_segment(slope: float) -> tuple[LabelDay, ...]:
    """Return four weeks of a close relation, and three days of another."""
    before = [day(ago, USUAL, slope=1 + 0.01 * (ago % 3)) for ago in range(30, 2, -1)]
    return (*before, *(day(n, USUAL, slope=slope, calm=False) for n in (2, 1, 0)))


def test_segment_whose_labels_alone_lost_their_relation_is_named() -> None:
    """Where those of all its column's segments did, it is about all rows."""
    began = DAY - timedelta(days=2)
    north, south = in_segment(0.0), in_segment(1.0)
    parts = {"region=north": north, "region=south": south, "sex=f": north}
    found = dealt_anew_in_segments(parts, began, Policy())
    assert list(found) == ["region=north"]
    assert "the labels where region=north have next to" in found["region=north"]
    assert dealt_anew_in_segments({}, began, Policy()) == {}


def test_days_without_a_past_say_nothing() -> None:
    """Neither does a breach before the first mature day."""
    assert list(LabelMoves((day(0, 0.9),), DAY, Policy()).texts()) == []
    assert list(LabelMoves((), DAY, Policy()).texts()) == []
