"""Categories that lost rows: told, and no damage."""

import pandas as pd
import pytest

from tests.validate import goods


def to_the_north(share: float) -> goods.Change:
    """Let a share of the rows change to the most common category."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        moved = rows.index < share * len(rows)
        return rows.assign(shop=rows["shop"].mask(moved, "north"))

    return change


@pytest.mark.parametrize("share", [0.5, 0.6])
def test_rows_missing_from_categories_are_told(share: float) -> None:
    """A share below the fewest each had on any day; it may be drift."""
    checks = goods.checked(goods.summary_of(change=to_the_north(share)), goods.recent())
    (check,) = [c for c in checks if c.status == "failed"]
    assert (check.name, check.column) == ("categories_are_as_common_as_usual", "shop")
    assert check.severity == "warning"
    assert not check.is_new
    assert "below the fewest each had on any day" in check.observed


def test_a_few_rows_that_moved_are_not_told() -> None:
    """Healthy days stray as far."""
    checks = goods.checked(goods.summary_of(change=to_the_north(0.02)), goods.recent())
    assert goods.said(checks) == []
