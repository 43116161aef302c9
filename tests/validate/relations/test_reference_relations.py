"""What the rows of a reference teach of the relations of their columns."""

import numpy as np
import pandas as pd

from monitoring_tasks.rows.names import DAY
from monitoring_tasks.validate.relations.reference_relations import learn_relations
from tests.validate import loans
from tests.validate.loans import Change


def learnt(
    change: Change | None = None, **policy: object
) -> dict[str, tuple[str, ...]]:
    """Return the numbers that are watched and what tells them."""
    relations, _ = learn_relations(
        loans.reference_table(change), loans.contract(**policy), loans.reference_days()
    )
    return {relation.column: relation.sources for relation in relations.numbers}


def test_numbers_that_others_tell_are_watched_and_no_other() -> None:
    """A rate follows from amount and years; nothing says anything of an age."""
    numbers = learnt()
    assert set(numbers["rate"]) == {"years", "amount"}
    assert "age" not in numbers


def test_less_than_the_policy_asks_is_not_watched() -> None:
    """With noise as large as itself a rate is no longer told by the others."""
    random = np.random.default_rng(1)

    def noisy(rows: pd.DataFrame) -> pd.DataFrame:
        noise = random.normal(0, 3 * rows["rate"].std(), len(rows))
        return rows.assign(rate=rows["rate"] + noise)

    assert "rate" not in learnt(noisy)
    assert "rate" in learnt(noisy, relations={"least_explained": 0.05})


def test_what_is_left_may_not_go_by_the_day() -> None:
    """A rate of the day on top: a few weeks have not seen what there may be."""

    def by_day(rows: pd.DataFrame) -> pd.DataFrame:
        levels = {day: 0.4 * np.sin(n) for n, day in enumerate(loans.reference_days())}
        return rows.assign(rate=rows["rate"] + rows[DAY].map(levels).astype("float64"))

    assert "rate" not in learnt(by_day)
    assert "rate" in learnt(by_day, relations={"most_by_day": 1.0})


def test_categories_that_come_in_few_pairs_are_watched() -> None:
    """A branch lies in one region; pairs dealt at random say nothing."""
    relations, by_day = learn_relations(
        loans.reference_table(), loans.contract(), loans.reference_days()
    )
    (pair,) = relations.pairs
    assert pair.columns == ("branch", "region")
    assert pair.seen["north-0"] == ("north",)
    assert by_day[loans.FIRST]["pair/branch, region"] == (0, loans.ROWS)


def test_days_are_held_against_the_others() -> None:
    """One day of the reference came broken: its share says so, and no other's does."""
    odd = loans.reference_days()[3]

    def broken(rows: pd.DataFrame) -> pd.DataFrame:
        is_odd = rows[DAY].eq(odd)
        moved = rows["region"].mask(is_odd, "south")
        return rows.assign(rate=rows["rate"].mask(is_odd, 99.0), region=moved)

    _, by_day = learn_relations(
        loans.reference_table(broken),
        loans.contract(relations={"tail": 0.06, "most_unseen": 0.1}),
        loans.reference_days(),
    )
    shares = {
        day: {key: unlike / asked for key, (unlike, asked) in counts.items()}
        for day, counts in by_day.items()
    }
    assert shares[odd]["pair/branch, region"] > 0.5
    assert max(s["pair/branch, region"] for d, s in shares.items() if d != odd) == 0


def test_exact_relation_leaves_room_for_rounding() -> None:
    """Twice another column: the limit is no rounding error."""

    def exact(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(rate=rows["amount"] / 3)

    relations, by_day = learn_relations(
        loans.reference_table(exact), loans.contract(), loans.reference_days()
    )
    (rate,) = (r for r in relations.numbers if r.column == "rate")
    assert 0 < rate.limit < 1e-3
    assert all(counts["relation/rate"][0] == 0 for counts in by_day.values())


def test_few_rows_and_constant_columns_teach_nothing() -> None:
    """One day of rows, and columns of one value: no relation, and no error."""
    days = loans.reference_days()[:1]
    few, _ = learn_relations(loans.reference_table(), loans.contract(), days)
    assert few.numbers == ()
    constant = {
        "amount": 1.0,
        "years": 2.0,
        "rate": 3.0,
        "age": None,
        "region": "north",
    }
    assert learnt(lambda rows: rows.assign(**constant)) == {}


def test_days_that_do_not_count_teach_nothing() -> None:
    """No day at all, as in a reference of small days."""
    relations, by_day = learn_relations(loans.reference_table(), loans.contract(), [])
    assert (relations.numbers, relations.pairs, by_day) == ((), (), {})
