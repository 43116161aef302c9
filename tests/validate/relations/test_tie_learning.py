"""Which columns are tied: those that go together within every day, in any form."""

import numpy as np
import pytest

from monitoring_tasks.contract.relation_policy import RelationPolicy
from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.validate.relations.broken_ties import count_astray
from monitoring_tasks.validate.relations.tie_learning import LearntTie, learn_ties
from monitoring_tasks.validate.summary.related_columns import (
    Categories,
    RelatedColumns,
)

DAYS, ROWS = 20, 300
POLICY = RelationPolicy()
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
    return list(learn_ties(rows, OF_DAY, inputs=inputs, policy=POLICY))


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
    ties = learn_ties(rows, OF_DAY[few], inputs={"a", "b"}, policy=POLICY)
    assert list(ties) == []


def test_columns_of_one_source_are_tied_to_those_of_another() -> None:
    """Joined by the wrong key, both columns of a source move, together."""
    numbers = {
        "a": NOISE["a"],
        "a too": NOISE["a"] + 0.1 * NOISE["d"],
        "b": NOISE["a"] + NOISE["b"],
        "b too": NOISE["a"] + NOISE["b"] + 0.1 * NOISE["c"],
    }
    of = learnt(numbers)
    assert len(of) == 3
    moved = np.random.default_rng(2).permutation(ROWS)
    today = {name: values[-ROWS:] for name, values in numbers.items()}
    today |= {name: today[name][moved] for name in ("b", "b too")}
    counted = count_astray(RelatedColumns(today), [learnt.tie for learnt in of])
    assert max(astray / asked for astray, asked in counted.values()) > 0.3


def test_ties_are_sure_whatever_chance_brings_to_many_columns() -> None:
    """Of hundreds of pairs some look close on few days of few rows."""
    random = np.random.default_rng(2)
    days = np.repeat(np.arange(14), 60)
    common = random.normal(size=len(days))
    numbers = {
        f"n{at}": 0.45 * common + random.normal(size=len(days)) for at in range(20)
    }
    rows = RelatedColumns(numbers)
    assert list(learn_ties(rows, days, inputs=set(numbers), policy=POLICY)) == []


def test_a_code_that_both_columns_have_is_not_all_there_is_to_say() -> None:
    """`unknown` in both on one row of a hundred: the tie is that of the others."""
    unknown = RANDOM.random(len(OF_DAY)) < 0.01
    first = np.where(unknown, 99.0, NOISE["a"])
    second = np.where(unknown, 99.0, NOISE["a"] + NOISE["b"])
    ((tie),) = learnt({"first": first, "second": second})
    dealt = RelatedColumns(
        {
            "first": first[:ROWS],
            "second": np.random.default_rng(3).permutation(second[:ROWS]),
        }
    )
    ((astray, asked),) = count_astray(dealt, [tie.tie]).values()
    assert astray / asked > 0.4


def test_days_may_come_in_any_order() -> None:
    """The rows of a reference lie as they were delivered."""
    mixed = np.random.default_rng(4).permutation(len(OF_DAY))
    numbers = {"a": NOISE["a"], "b": NOISE["a"] + NOISE["b"]}
    rows = RelatedColumns({n: values[mixed] for n, values in numbers.items()})
    (tie,) = learn_ties(rows, OF_DAY[mixed], inputs=set(numbers), policy=POLICY)
    (same,) = learnt(numbers)
    assert tie.tie.slope == pytest.approx(same.tie.slope, rel=1e-3)
    assert tie.asked.tolist() == same.asked.tolist()


def test_no_tie_is_watched_where_nobody_wants_one() -> None:
    """The policy's switch."""
    off = RelationPolicy(least_tied=1)
    rows = RelatedColumns({"a": NOISE["a"], "b": NOISE["a"] + NOISE["b"]})
    assert list(learn_ties(rows, OF_DAY, inputs={"a", "b"}, policy=off)) == []


def test_few_clusters_of_rows_are_no_fault() -> None:
    """Thirty rows a household; days of 6 households, learnt from days of 50."""
    random = np.random.default_rng(1)

    def drawn(households: int) -> dict[str, Floats]:
        shared, own = (np.repeat(random.normal(size=households), 30) for _ in range(2))
        first = shared + 0.3 * random.normal(size=len(shared))
        second = 0.7 * shared + own + 0.3 * random.normal(size=len(shared))
        return {"first": first, "second": second}

    parts = [drawn(50) for _ in range(DAYS)]
    rows = RelatedColumns(
        {name: np.concatenate([p[name] for p in parts]) for name in ("first", "second")}
    )
    days = np.repeat(np.arange(DAYS), 50 * 30)
    (tie,) = learn_ties(rows, days, inputs={"first", "second"}, policy=POLICY)
    days_astray = 0
    for _ in range(200):
        ((astray, _),) = count_astray(RelatedColumns(drawn(6)), [tie.tie]).values()
        days_astray += astray > 0
    assert days_astray <= 2
