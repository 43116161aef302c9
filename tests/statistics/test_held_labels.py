"""Labels held against the days before, by themselves and beside the outputs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.domain.label_summary import LabelSummary
from monitoring_tasks.statistics.held_labels import held_level, held_levels

FIRST = date(2024, 1, 1)


def days_of(*values: float, level: str = "1", said: float = 0.3) -> list[LabelDay]:
    """Return days in a row with a level of their labels."""
    ends = {"5%": 0.0, level: 0.0, "95%": 10.0} if level.endswith("%") else {}
    return [
        LabelDay(
            day=FIRST + timedelta(days=n),
            labels=LabelSummary(
                rows=1000,
                levels=ends | {level: value},
                outputs=ends | {level: said},
            ),
            is_calm=True,
        )
        for n, value in enumerate(values)
    ]


def test_share_is_told_as_a_share_and_a_quantile_in_units_of_the_label() -> None:
    """Whatever scale they are held on."""
    *before, now = days_of(*[0.3, 0.31, 0.29] * 10, 0.4)
    held = held_level("1", before, [now])
    assert held is not None
    assert held.ends == pytest.approx((0.3, 0.4), abs=0.002)
    assert held.size == pytest.approx(0.1 / 0.3**0.5 / 0.7**0.5, rel=0.05)
    assert "40.0% of the labels are positive; it was 30.0%" in held.text
    *before, now = days_of(*[4.0, 4.1, 3.9] * 10, 6.0, level="50%", said=4.0)
    held = held_level("50%", before, [now])
    assert held is not None
    assert held.distance == pytest.approx(2.0)
    assert held.p_value < 1e-6
    assert "the 50% quantile of the labels is 6; it was 4" in held.text


def test_move_that_the_outputs_made_as_well_is_chance() -> None:
    """The scores saw why the rate moved."""
    before = days_of(*[0.3, 0.31, 0.29] * 10)
    (now,) = days_of(0.4, said=0.4)
    held = held_level("1", before, [now])
    assert held is not None
    assert held.alone.p_value < 1e-6
    assert held.p_value > 0.01


def test_class_that_is_gone_is_held_as_well() -> None:
    """It is a level of the days before, and of no label now."""
    before = days_of(*[0.3] * 10)
    (now,) = days_of(1.0, level="other")
    assert {held.level for held in held_levels(before, [now])} == {"1", "other"}
    assert list(held_levels([], [now])) == []


def test_number_that_became_one_value_has_the_spread_of_the_days_before() -> None:
    """Labels that are all alike are the grossest fault, and have no spread."""
    before = days_of(*[4.0, 4.1, 3.9] * 10, level="50%", said=4.0)
    (now,) = days_of(0.0, level="50%", said=4.0)
    now = replace(
        now, labels=replace(now.labels, levels=dict.fromkeys(now.labels.levels, 0.0))
    )
    held = held_level("50%", before, [now])
    assert held is not None
    assert held.size > 1


def test_class_called_by_a_percentage_is_a_class() -> None:
    """Not a quantile of a number."""
    levels = {"0%": 0.8, "10%": 0.2}
    days = [
        LabelDay(
            day=FIRST + timedelta(days=n),
            labels=LabelSummary(rows=1000, levels=levels, outputs=levels),
            is_calm=True,
        )
        for n in range(31)
    ]
    held = held_level("10%", days[:-1], days[-1:])
    assert held is not None
    assert held.is_share
