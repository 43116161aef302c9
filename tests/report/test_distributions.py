from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from monitoring_tasks.domain.counts import CategoricalCounts, ContinuousCounts
from monitoring_tasks.report.distributions import Distribution, distributions
from monitoring_tasks.report.facts import Facts

BAD_DAY = date(2013, 8, 20)
Gather = Callable[[date], Facts]


def by_column(facts: Facts) -> dict[str, Distribution]:
    """Return the distributions by column."""
    found = distributions(facts)
    assert not isinstance(found, str)
    return {one.column: one for one in found}


def test_shares_add_up_to_one_on_both_sides(facts_of: Gather) -> None:
    """No row is lost: values out of range and pooled categories count."""
    for one in by_column(facts_of(BAD_DAY)).values():
        if not one.reason:
            for side in ("reference", "day"):
                assert sum(row[side] for row in one.rows) == pytest.approx(1, abs=0.01)


def test_values_above_the_range_have_a_bin_of_their_own(facts_of: Gather) -> None:
    """What lies outside the reference's bins is drawn beside them and told."""
    one = by_column(facts_of(BAD_DAY))["distance"]
    assert one.rows[-1]["low"] == 12
    assert len(one.rows) == 13
    assert "outside 0 to 12" in one.remark


def test_bins_keep_their_place_when_values_lie_below(facts_of: Gather) -> None:
    """The bin below the range starts one width below it."""
    facts = facts_of(BAD_DAY)
    assert facts.profile is not None
    low = ContinuousCounts(rows=10, below=4, coarse={0: 6})
    moved = replace(facts, profile=replace(facts.profile, columns={"distance": low}))
    first = by_column(moved)["distance"].rows[0]
    assert (first["low"], first["high"], first["day"]) == (-1, 0, 0.4)


def test_unseen_categories_are_named_and_shared(facts_of: Gather) -> None:
    """A category the reference has not is told by name and by share."""
    one = by_column(facts_of(BAD_DAY))["carrier"]
    assert [row["name"] for row in one.rows if row["name"].startswith("unseen: new")]
    assert "12.3 % unseen (categories: 1)" in one.remark


def test_small_categories_are_pooled(facts_of: Gather) -> None:
    """Of many categories the largest on either side are kept, the rest pooled."""
    rows = by_column(facts_of(BAD_DAY))["carrier"].rows
    assert len(rows) == 8
    assert rows[-1]["name"] == "all others"
    assert rows[0]["name"] == "A"


@pytest.mark.parametrize(
    ("column", "counts", "reason"),
    [
        pytest.param("carrier", None, "not counted on this day", id="absent"),
        pytest.param(
            "carrier",
            CategoricalCounts(rows=5, nulls=5),
            "the day has no valid value",
            id="all null",
        ),
        pytest.param(
            "distance",
            CategoricalCounts(rows=5, counts={"a": 5}),
            "the column is counted another way than the reference",
            id="another kind",
        ),
    ],
)
def test_column_has_a_reason_when_it_cannot_be_compared(
    facts_of: Gather,
    column: str,
    counts: CategoricalCounts | None,
    reason: str,
) -> None:
    """A column that cannot be drawn says why."""
    facts = facts_of(BAD_DAY)
    assert facts.profile is not None
    columns = {} if counts is None else {column: counts}
    changed = replace(facts, profile=replace(facts.profile, columns=columns))
    assert by_column(changed)[column].reason == reason


def test_column_has_a_reason_when_the_reference_has_no_bins(facts_of: Gather) -> None:
    """Without bins there is nothing to draw on."""
    facts = facts_of(BAD_DAY)
    assert facts.reference is not None
    bare = replace(facts, reference=replace(facts.reference, bins={}))
    assert by_column(bare)["distance"].reason == "the reference has no bins for it"


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        pytest.param(date(2013, 8, 29), "rows were not counted", id="empty day"),
        pytest.param(date(2013, 8, 5), "rows were not counted", id="quarantined day"),
        pytest.param(
            date(2013, 8, 27), "version 3 has no reference", id="no reference"
        ),
    ],
)
def test_distributions_are_a_reason_when_a_side_is_missing(
    facts_of: Gather, day: date, reason: str
) -> None:
    """Without the day or its reference there is a reason instead of charts."""
    found = distributions(facts_of(day))
    assert isinstance(found, str)
    assert reason in found
