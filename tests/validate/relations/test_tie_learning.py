"""Which columns are tied: those that go together within every day, in any form."""

import numpy as np
import pytest

from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.validate.relations.broken_ties import count_astray
from monitoring_tasks.validate.relations.tie_learning import LearntTie, learn_ties
from monitoring_tasks.validate.summary.related_columns import (
    Categories,
    RelatedColumns,
)

DAYS, ROWS = 20, 300
OF_DAY: Codes = np.repeat(np.arange(DAYS), ROWS)
RANDOM = np.random.default_rng(7)
NOISE: dict[str, Floats] = {
    name: RANDOM.normal(size=len(OF_DAY)) for name in ("a", "b", "c", "d")
}


def named(values: Floats) -> Categories:
    """Return thirds of a number as categories, in no order of their names."""
    codes = np.digitize(values, np.quantile(values, [1 / 3, 2 / 3]))
    return Categories(codes.astype(np.int64), ("gold", "blue", "tin"))


def learnt(
    numbers: dict[str, Floats], categories: dict[str, Categories] | None = None
) -> list[LearntTie]:
    """Learn the ties of all these columns."""
    rows = RelatedColumns(numbers, categories or {})
    inputs = {*numbers, *(categories or {})} - {"score"}
    return list(learn_ties(rows, OF_DAY, inputs=inputs))


def tied(of: list[LearntTie]) -> set[frozenset[str]]:
    """Return the pairs of columns."""
    return {frozenset(learnt.tie.columns) for learnt in of}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(NOISE["a"] + 2 * NOISE["b"], id="straight, loose"),
        pytest.param(NOISE["a"] ** 2 + NOISE["b"], id="bent: no correlation as it is"),
        pytest.param(np.exp(3 * NOISE["a"]) * np.exp(NOISE["b"]), id="heavy tails"),
    ],
)
def test_numbers_are_tied_in_any_form(other: Floats) -> None:
    """Between the numbers themselves, and to a column of categories."""
    assert tied(learnt({"a": NOISE["a"], "other": other})) == {
        frozenset(("a", "other"))
    }
    of = learnt({"a": NOISE["a"]}, {"other": named(other)})
    assert tied(of) == {frozenset(("a", "other"))}
    assert of[0].tie.slope > 0.2
    assert np.nanmax(of[0].astray) == 0


def test_columns_that_have_nothing_to_do_with_each_other_are_not_tied() -> None:
    """Noise beside noise, and a constant."""
    assert learnt({**NOISE, "same": np.zeros(len(OF_DAY))}) == []


def test_what_goes_by_the_day_is_no_tie_of_rows() -> None:
    """Two columns of weather: alike between days, strangers within one."""
    weather = RANDOM.normal(size=DAYS)[OF_DAY]
    both = {n: 3 * weather + NOISE[n] for n in ("a", "b")}
    assert np.corrcoef(both["a"], both["b"])[0, 1] > 0.8
    assert learnt(both) == []


def test_a_tie_that_breaks_on_some_days_is_none_and_the_next_one_is() -> None:
    """The closest column is another one on every fourth day."""
    numbers = {
        "a": NOISE["a"],
        "unsteady": np.where(OF_DAY % 4 == 0, NOISE["d"], NOISE["a"] + NOISE["b"] / 9),
        "steady": NOISE["a"] + 3 * NOISE["c"],
    }
    assert tied(learnt(numbers)) == {frozenset(("a", "steady"))}


def test_outputs_are_not_tied() -> None:
    """A score goes along with whatever the mix of rows brings."""
    assert learnt({"a": NOISE["a"], "score": NOISE["a"] + NOISE["b"]}) == []


def test_what_was_learnt_counts_rows_dealt_anew() -> None:
    """A column of the day before, joined to today's rows."""
    of = learnt({"a": NOISE["a"], "b": NOISE["a"] + NOISE["b"]})
    today, before = OF_DAY == DAYS - 1, OF_DAY == DAYS - 2
    usual = {
        n: v[today] for n, v in {"a": NOISE["a"], "b": NOISE["a"] + NOISE["b"]}.items()
    }
    stale = usual | {"b": (NOISE["a"] + NOISE["b"])[before]}
    ties = [learnt.tie for learnt in of]
    ((unharmed, _),) = count_astray(RelatedColumns(usual), ties).values()
    ((astray, asked),) = count_astray(RelatedColumns(stale), ties).values()
    assert unharmed == 0
    assert astray / asked > 0.5


def test_few_days_teach_nothing() -> None:
    """Nobody knows how alike days are."""
    few = OF_DAY < 4
    rows = RelatedColumns({"a": NOISE["a"][few], "b": NOISE["a"][few]})
    assert list(learn_ties(rows, OF_DAY[few], inputs={"a", "b"})) == []
