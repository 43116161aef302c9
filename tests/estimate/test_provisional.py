import pytest

from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.provisional import measure_provisional
from tests.builders import make_contract, make_profile

LOW, HIGH = 1000, 9000
PROMISE = {"metric": "positive_rate", "source": "realized", "min": 0.1}


def day(*, unlabelled: int) -> DayProfile:
    """Return a day: all labels of the low scores, and ten of the high ones."""
    cells = {
        (LOW, 0, 0): 80,
        (LOW, 0, 1): 20,
        (HIGH, 1, 0): 2,
        (HIGH, 1, 1): 8,
        (HIGH, 1, -1): unlabelled,
    }
    sums = {cell: rows * (cell[0] + 0.5) / 10_000 for cell, rows in cells.items()}
    return make_profile(
        rows=110 + unlabelled,
        labelled=110,
        outcome=BinaryOutcome(cells=cells, score_sums=sums),
    )


def test_early_labels_stand_for_all_rows() -> None:
    """Few of the risky half are labelled: the share of positives is .5, not .25."""
    policy = {"labels": {"strata": 2}}
    contract = make_contract(objectives=[PROMISE], policy=policy)
    (number,) = measure_provisional(day(unlabelled=90), contract)
    assert (number.kind, number.metric) == (Kind.LABELS, "provisional_positive_rate")
    assert number.value == pytest.approx(0.5)
    assert number.lower is not None
    assert number.lower < 0.5


@pytest.mark.parametrize(("unlabelled", "numbers"), [(26, 0), (27, 0), (28, 1)])
def test_mature_day_is_measured_as_it_is(unlabelled: int, numbers: int) -> None:
    """From a coverage of .8 on the realized number speaks for itself."""
    contract = make_contract(objectives=[PROMISE])
    assert len(measure_provisional(day(unlabelled=unlabelled), contract)) == numbers


def test_too_few_labels_have_no_number() -> None:
    """A stratum without a label cannot be stood for."""
    policy = {"labels": {"min_labelled": 111}}
    contract = make_contract(objectives=[PROMISE], policy=policy)
    (number,) = measure_provisional(day(unlabelled=90), contract)
    assert number.value is None
    assert "fewer than the 111 needed" in number.reason
