import pandas as pd
import pytest

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.drills.deliveries import Delivery
from monitoring_tasks.operations.drills.fault_catalogue import FAULTS, choose, inject
from monitoring_tasks.operations.drills.grading import Remedy
from tests.operations.drills.delivered import contract, delivery

NAMES = sorted(FAULTS)
EXAMPLE = delivery().predictions


def injected(name: str, seed: int, day: Delivery | None = None) -> Delivery:
    """Return a day with a fault in it."""
    return inject(
        FAULTS[name], day or delivery(), contract(), example=EXAMPLE, seed=seed
    )


def same(one: Delivery, other: Delivery) -> bool:
    """Whether two days hold the same rows and labels."""
    return one.predictions.equals(other.predictions) and one.labels.equals(other.labels)


def test_every_cause_is_the_right_answer_to_some_fault() -> None:
    """Drift of the inputs aside: a fault of one day is no drift that lasts."""
    answers = {cause for fault in FAULTS.values() for cause in fault.expected.causes}
    assert answers - {None} == set(Cause) - {Cause.COVARIATE_DRIFT}


@pytest.mark.parametrize("name", NAMES)
def test_fault_leaves_what_it_was_given_alone(name: str) -> None:
    """A fault works on a copy: the healthy day stays healthy."""
    day, untouched = delivery(), delivery()
    injected(name, 3, day)
    pd.testing.assert_frame_equal(day.predictions, untouched.predictions)
    pd.testing.assert_frame_equal(day.labels, untouched.labels)


@pytest.mark.parametrize("name", NAMES)
def test_same_seed_gives_the_same_fault(name: str) -> None:
    """A drill run again is the same drill."""
    one, other = (injected(name, 3) for _ in "ab")
    assert same(one, other)
    assert same(one, delivery()) == (name == "no_fault")


@pytest.mark.parametrize("name", ["null_flood", "label_flip", "bad_release_gross"])
def test_another_seed_gives_other_rows(name: str) -> None:
    """Chance comes from the seed and from nowhere else."""
    one, other = (injected(name, s) for s in (1, 2))
    assert not same(one, other)


@pytest.mark.parametrize(
    ("name", "again"), [("unit_change", True), ("bad_release_gross", False)]
)
def test_only_changed_inputs_are_scored_again(name: str, *, again: bool) -> None:
    """A fault of the inputs moves the scores; one of the scores must keep them."""
    done = inject(
        FAULTS[name],
        delivery(),
        contract(),
        example=EXAMPLE,
        seed=1,
        rescore=lambda rows: rows.assign(score=0.5),
    )
    assert (done.predictions["score"] == 0.5).all() == again


@pytest.mark.parametrize("name", NAMES)
def test_right_answer_to_broken_data_or_a_new_world_is_no_rollback(name: str) -> None:
    """Only a model that got worse may be rolled back; no answer is empty."""
    expected = FAULTS[name].expected
    assert expected.verdicts
    assert expected.causes
    may_roll_back = Remedy.ROLLBACK in expected.remedies
    assert may_roll_back == (Cause.MODEL in expected.causes)


def test_choosing_none_takes_all_of_them() -> None:
    """The control comes first."""
    assert [fault.name for fault in choose([])] == list(FAULTS)
    assert next(iter(FAULTS)) == "no_fault"


def test_choosing_keeps_order_and_sets_the_size() -> None:
    """A size given replaces the fault's own."""
    chosen = choose(["null_flood", "unit_change"], size=0.1)
    assert [(f.name, f.size) for f in chosen] == [
        ("null_flood", 0.1),
        ("unit_change", 0.1),
    ]


def test_choosing_an_unknown_fault_names_the_known_ones() -> None:
    """A slip of the pen is told with the remedy."""
    with pytest.raises(ConfigurationError, match="'flood'; there are: no_fault, sch"):
        choose(["null_flood", "flood"])
