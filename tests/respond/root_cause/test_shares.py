import numpy as np
import pytest

from monitoring_tasks.domain.counts import ContinuousCounts
from monitoring_tasks.estimate.distances import population_stability
from monitoring_tasks.respond.root_cause.shares import MOST_PARTS, Shift, shift_of
from tests.respond.root_cause.packs import BINS, names, numbers


def test_index_is_the_one_daywatch_judges_by() -> None:
    """The parts of a column add up to `estimate.distances.population_stability`."""
    before, after = (10, 20, 0, 30), (1, 2, 7, 50)
    shift = shift_of(numbers(*before), numbers(*after), BINS)
    assert isinstance(shift, Shift)
    expected = population_stability(np.array(before, float), np.array(after, float))
    assert shift.index == pytest.approx(expected)
    assert sum(part["adds"] for part in shift.parts) == pytest.approx(expected)


def test_rest_of_many_categories_is_one_part() -> None:
    """No row is lost: the shares of what is kept and of the rest add up to one."""
    before = names(**{f"c{n}": 1 + n for n in range(60)})
    shift = shift_of(before, names(c0=50, c1=50), None)
    assert isinstance(shift, Shift)
    assert len(shift.parts) == MOST_PARTS + 1
    assert sum(part["before"] for part in shift.parts) == pytest.approx(1)
    assert sum(part["after"] for part in shift.parts) == pytest.approx(1)


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (ContinuousCounts(rows=3, nulls=3), "the bad days have no valid value"),
        (names(a=1), "counted another way"),
    ],
)
def test_what_cannot_be_held_side_by_side_says_why(after: object, why: str) -> None:
    """No value and another kind of column are reasons, not numbers."""
    assert why in str(shift_of(numbers(1, 1, 1, 1), after, BINS))  # type: ignore[arg-type]
