import math
from datetime import date, timedelta
from typing import Any

import pytest

from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.trust import DatedNumber, TrustKey
from monitoring_tasks.statistics.estimate_pairs import Pair, pairs_of
from tests.builders import make_measurement
from tests.statistics.pairs import FIRST, KEY, make_number, make_pair

LATER = FIRST + timedelta(days=100)


def paired(
    *numbers: DatedNumber,
    before: date = LATER,
    excluded_days: tuple[date, ...] = (),
) -> dict[TrustKey, list[Pair]]:
    """Put numbers together, labels of .8 of the rows being enough."""
    return pairs_of(
        numbers, before=before, label_coverage=0.8, excluded_days=excluded_days
    )


def test_pairs_hold_both_numbers_of_a_day_oldest_first() -> None:
    """The order of the numbers does not matter; a day with one of them is no pair."""
    numbers = [
        make_number(Kind.REALIZED, 0.6, day=2),
        make_number(Kind.ESTIMATED, 0.7, day=1),
        make_number(Kind.ESTIMATED, 0.8, day=2),
        make_number(Kind.REALIZED, 0.7, day=1),
        make_number(Kind.ESTIMATED, 0.9, day=3),
    ]
    (one, two) = paired(*numbers)[KEY]
    assert (one.day, two.day) == (FIRST + timedelta(1), FIRST + timedelta(2))
    assert (one.error, two.error) == pytest.approx((0.0, 0.2))


@pytest.mark.parametrize(
    ("realized", "rules"),
    [
        pytest.param({"labelled": 799}, {}, id="labels one short"),
        pytest.param({"value": None}, {}, id="no value"),
        pytest.param({"value": math.nan}, {}, id="not a number"),
        pytest.param({"value": math.inf}, {}, id="infinite"),
        pytest.param({}, {"before": FIRST}, id="the day itself"),
        pytest.param({}, {"excluded_days": (FIRST,)}, id="excluded"),
    ],
)
def test_day_does_not_count_but_its_number_is_listed(
    realized: dict[str, Any], rules: dict[str, Any]
) -> None:
    """What may not be held against the estimate makes no pair, and stays visible."""
    value = realized.pop("value", 0.7)
    numbers = (
        make_number(Kind.ESTIMATED, 0.7),
        make_number(Kind.REALIZED, value, **realized),
    )
    assert paired(*numbers, **rules) == {KEY: []}


@pytest.mark.parametrize(("labelled", "pairs"), [(799, 0), (800, 1), (801, 1)])
def test_day_counts_from_the_share_of_labels_on(labelled: int, pairs: int) -> None:
    """Exactly `label_coverage` of the rows is enough."""
    numbers = (
        make_number(Kind.ESTIMATED, 0.7),
        make_number(Kind.REALIZED, 0.7, labelled=labelled),
    )
    assert len(paired(*numbers)[KEY]) == pairs


@pytest.mark.parametrize(
    "parts",
    [{"version": "2"}, {"segment": "region=north"}, {"metric": "f1"}],
    ids=["version", "segment", "metric"],
)
def test_numbers_about_different_things_are_never_paired(parts: dict[str, Any]) -> None:
    """Version, segment and metric have to be the same."""
    numbers = (
        make_number(Kind.ESTIMATED, 0.7),
        make_number(Kind.REALIZED, 0.7, **parts),
    )
    assert paired(*numbers) == {}


@pytest.mark.parametrize(
    "parts", [{"horizon": 7}, {"column": "gender"}], ids=["pooled", "column"]
)
def test_numbers_of_other_kinds_are_passed_over(parts: dict[str, Any]) -> None:
    """Pooled days would count each day many times; columns are about groups."""
    numbers = (
        make_number(Kind.ESTIMATED, 0.7),
        make_number(Kind.REALIZED, 0.7),
        make_number(Kind.REALIZED, 0.1, **parts),
    )
    assert [pair.error for pair in paired(*numbers)[KEY]] == [0.0]


@pytest.mark.parametrize(
    ("estimated", "realized", "allowed"),
    [
        # The halves that face each other: what is below the higher, above the lower.
        pytest.param((0.8, 0.7, 0.81), (0.6, 0.59, 0.65), 0.1, id="too high"),
        pytest.param((0.6, 0.59, 0.65), (0.8, 0.7, 0.81), 0.1, id="too low"),
        pytest.param((0.8, None, None), (0.6, 0.59, 0.65), 0.05, id="realized only"),
        pytest.param((0.8, 0.7, 0.81), (0.6, None, None), 0.1, id="estimate only"),
        pytest.param((0.8, math.nan, 0.9), (0.6, None, None), None, id="not a number"),
        pytest.param((0.8, None, None), (0.6, None, None), None, id="neither"),
    ],
)
def test_chance_allows_the_wider_of_the_halves_that_face_each_other(
    estimated: tuple[float, ...], realized: tuple[float, ...], allowed: float | None
) -> None:
    """An estimate made of the same rows does not add its own chance to theirs."""
    names = ("value", "lower", "upper")
    pair = Pair(
        day=FIRST,
        estimated=make_measurement(**dict(zip(names, estimated, strict=True))),
        realized=make_measurement(**dict(zip(names, realized, strict=True))),
    )
    assert pair.allowed == (None if allowed is None else pytest.approx(allowed))


def test_error_is_positive_when_the_estimate_was_too_high() -> None:
    """Estimated less realized."""
    assert make_pair(0.8, 0.7).error == pytest.approx(0.1)
