"""Pairs of categories that are watched, and those that tell nothing."""

import numpy as np

from monitoring_tasks.contract.relation_policy import RelationPolicy
from monitoring_tasks.validate.relations.pair_learning import learn_pairs
from monitoring_tasks.validate.summary.related_columns import Categories, RelatedColumns

DAYS = np.repeat(np.arange(10), 100)
TOWNS = ("a", "b", "c", "d")


def watched(**codes: np.ndarray) -> list[tuple[str, str]]:
    """Return the pairs of columns that are watched."""
    columns = {n: Categories(c, TOWNS[: c.max() + 1]) for n, c in codes.items()}
    rows = RelatedColumns(categories=columns)
    return [p.relation.columns for p in learn_pairs(rows, DAYS, RelationPolicy())]


def test_column_that_follows_from_another_is_watched() -> None:
    """A land follows from its town; a colour has to do with neither."""
    random = np.random.default_rng(2)
    town, colour = random.integers(0, 4, 1000), random.integers(0, 4, 1000)
    assert watched(town=town, land=town // 2, colour=colour) == [("town", "land")]


def test_pairs_that_keep_coming_new_are_not_watched() -> None:
    """Each day has pairs that no other has: tomorrow will too."""
    random = np.random.default_rng(2)
    town = random.integers(0, 4, 1000)
    number = np.where(random.random(1000) < 0.3, DAYS, 10 + town)
    texts = tuple(str(n) for n in range(14))
    rows = RelatedColumns(
        categories={
            "town": Categories(town, TOWNS),
            "number": Categories(number, texts),
        }
    )
    assert [*learn_pairs(rows, DAYS, RelationPolicy())] == []


def test_nulls_are_no_pairs() -> None:
    """A row without one of both is not asked."""
    town = np.random.default_rng(2).integers(0, 4, 1000)
    land = np.where(np.arange(1000) % 2, town // 2, -1)
    columns = {"town": Categories(town, TOWNS), "land": Categories(land, ("x", "y"))}
    (pair,) = learn_pairs(RelatedColumns(categories=columns), DAYS, RelationPolicy())
    assert pair.asked.tolist() == [50] * 10
    assert pair.relation.seen == {"a": ("x",), "b": ("x",), "c": ("y",), "d": ("y",)}
