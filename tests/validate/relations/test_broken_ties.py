"""On how many rows two columns that go together do not: surely, and without a line."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring_tasks.domain.relations import ColumnScores, Tie
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.relations.broken_ties import (
    count_astray,
    margin_of,
    slope_of,
)
from monitoring_tasks.validate.summary.related_columns import (
    Categories,
    RelatedColumns,
)

LOOSE = Tie(
    first=ColumnScores(column="tenure", edges=(0.0,), scores=(-1.0, 1.0)),
    second=ColumnScores(column="plan", categories={"old": -1.0, "new": 1.0}),
    slope=0.3,
    spread=0.006,
    noise=1.0,
    asked=1.0,
)
"""Two halves that agree on 65 rows of 100, as far as days differ by a fiftieth."""
KEY = "tie/tenure, plan"


def rows_of(tenure: Floats, plan: Floats) -> RelatedColumns:
    """Return rows with numbers, and with categories by the sign of other numbers."""
    return RelatedColumns(
        numbers={"tenure": tenure},
        categories={"plan": Categories((plan > 0).astype(np.int64), ("old", "new"))},
    )


def drawn(rows: int, *, seed: int = 0) -> tuple[Floats, Floats]:
    """Draw both columns as they usually are."""
    random = np.random.default_rng(seed)
    tenure = random.choice([-1.0, 1.0], rows)
    return tenure, np.where(random.random(rows) < 0.65, tenure, -tenure)


def dealt(values: Floats, share: float) -> Floats:
    """Deal the values of the first rows out anew."""
    values, count = values.copy(), round(share * len(values))
    values[:count] = np.random.default_rng(1).permutation(values[:count])
    return values


def share_of(rows: RelatedColumns) -> float:
    """Return the share that is counted as astray."""
    astray, asked = count_astray(rows, [LOOSE])[KEY]
    return astray / asked


@pytest.mark.parametrize("share", [0.5, 0.8, 1.0])
def test_a_share_dealt_anew_is_counted_surely(share: float) -> None:
    """Each column is as before; less than the truth by what is not sure."""
    tenure, plan = drawn(20_000)
    counted = share_of(rows_of(dealt(tenure, share), plan))
    margin = margin_of(LOOSE, 20_000)
    assert share - 1.5 * margin < counted <= share


def test_rows_as_usual_are_not_counted() -> None:
    """Four standard deviations in two hundred days of either size: none."""
    for rows in (100, 2_000):
        days = [share_of(rows_of(*drawn(rows, seed=n))) for n in range(200)]
        assert max(days) == 0


def test_another_mix_of_rows_is_no_fault() -> None:
    """Three old plans of four are gone: both columns lie elsewhere, and agree."""
    tenure, plan = drawn(20_000)
    kept = (plan > 0) | (np.arange(len(plan)) % 4 == 0)
    assert share_of(rows_of(tenure[kept], plan[kept])) < 0.05


@pytest.mark.parametrize("gone", ["tenure", "plan"])
def test_a_column_that_is_gone_is_not_asked(gone: str) -> None:
    """Other statements speak of it."""
    rows = rows_of(*drawn(1_000))
    numbers, categories = dict(rows.numbers), dict(rows.categories)
    numbers.pop(gone, None)
    categories.pop(gone, None)
    assert count_astray(RelatedColumns(numbers, categories), [LOOSE]) == {}


def test_nulls_and_strangers_are_not_asked() -> None:
    """A null, and a category the reference does not know."""
    tenure, plan = drawn(1_000)
    tenure[:100] = np.nan
    rows = rows_of(tenure, plan)
    codes = rows.categories["plan"].codes.copy()
    codes[100:300] = 2
    strange = Categories(codes, ("old", "new", "gold"))
    asked = count_astray(RelatedColumns(rows.numbers, {"plan": strange}), [LOOSE])
    assert asked[KEY][1] == 700


@pytest.mark.parametrize(("rows", "others"), [(39, 19), (1_000, 0), (1_000, 19)])
def test_too_little_that_varies_has_no_slope(rows: int, others: int) -> None:
    """A slope rests on the rows without the most common value."""
    first = np.zeros(rows)
    first[:others] = 1.0
    assert slope_of(first, np.arange(float(rows))) is None
    assert slope_of(np.arange(float(rows)), first) is None


@settings(max_examples=50, deadline=None)
@given(st.integers(40, 3_000), st.floats(-1, 1), st.integers(0, 99))
def test_slope_is_the_steeper_of_both(rows: int, weight: float, seed: int) -> None:
    """Least squares, either way; the error shrinks with the root of the rows."""
    random = np.random.default_rng(seed)
    first = random.normal(size=rows)
    second = weight * first + random.normal(size=rows)
    measured = slope_of(first, second)
    assert measured is not None
    lines = [np.polyfit(first, second, 1)[0], np.polyfit(second, first, 1)[0]]
    assert measured[0] == pytest.approx(max(lines, key=abs))
    assert 0 < measured[1] * np.sqrt(rows) < 3


def test_error_is_what_days_stray_by() -> None:
    """Of a column of which one row in fifty differs, as of one of two halves."""
    random = np.random.default_rng(5)
    measured = []
    for _ in range(400):
        rare = (random.random(2_000) < 0.02).astype(float)
        pair = slope_of(rare / 0.14, rare * 2 + random.normal(size=2_000))
        assert pair is not None
        measured.append(pair)
    values, errors = np.array(measured).T
    assert values.std() == pytest.approx(errors.mean(), rel=0.15)
