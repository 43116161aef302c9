import pandas as pd
import pytest

from monitoring_tasks.operations.rollbacks.differences import Differences, differences

ROWS = {"a": ("yes", 0.9), "b": ("no", 0.2), "c": (None, None), "d": ("no", 0.4)}


def frame(**rows: tuple[object, object]) -> pd.DataFrame:
    """Return predictions and scores by id."""
    columns = ["prediction", "score"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def found(new: pd.DataFrame, number: str | None = "score") -> Differences:
    """Hold rows scored again against the day as it was published."""
    return differences(frame(**ROWS), new, prediction="prediction", number=number)


def test_rows_scored_again_are_held_against_themselves() -> None:
    """In whatever order they come; rows not scored again are counted and left."""
    told = found(frame(b=("yes", 0.7), a=("yes", 0.8)))
    assert (told.rows, told.rescored, told.changed) == (4, 2, 1)
    assert told.mean_shift == pytest.approx(0.2)
    assert told.largest_shift == pytest.approx(0.5)


def test_shift_down_counts_as_much_as_up() -> None:
    """The largest is of the size, the mean keeps its sign."""
    told = found(frame(a=("no", 0.1)))
    assert told.mean_shift == pytest.approx(-0.8)
    assert told.largest_shift == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("new", "changed"), [((None, None), 0), (("no", None), 1), ((None, 0.5), 0)]
)
def test_row_without_a_prediction_changes_when_it_gets_one(
    new: tuple[object, object], changed: int
) -> None:
    """None before and after is no change, and no number; one of them is none either."""
    told = found(frame(c=new))
    assert (told.changed, told.mean_shift, told.largest_shift) == (changed, None, None)


def test_model_without_a_number_has_no_shift() -> None:
    """Its predictions are held against each other all the same."""
    told = found(frame(a=("no", 0.1)), number=None)
    assert told == Differences(rows=4, rescored=1, changed=1)


def test_nothing_scored_again_changes_nothing() -> None:
    """No row is no shift, not one of zero."""
    assert found(frame(**ROWS).iloc[:0]) == Differences(rows=4, rescored=0, changed=0)


def test_row_that_was_never_published_is_an_error() -> None:
    """What was not there cannot be put right."""
    with pytest.raises(KeyError):
        found(frame(z=("no", 0.1)))
