"""How few rows of a protected group have a rate, at the edge of the policy."""

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.version_measurements import measure_model
from tests.builders import COLUMNS, make_contract, make_profile

LARGE = 400


def contract_of(fewest: int) -> Contract:
    """Ask for so many rows of a group."""
    columns = COLUMNS | {"protected": ["sex"]}
    return make_contract(columns=columns, policy={"min_group_rows": fewest})


def group(segment: str, positives: int, negatives: int) -> DayProfile:
    """Return a group, half of it predicted positive, every label known."""
    cells = {
        (place, predicted, label): rows // 2 + (rows % 2) * predicted
        for place, label, rows in ((7000, 1, positives), (3000, 0, negatives))
        for predicted in (0, 1)
    }
    sums = {key: key[0] / 10_000 * rows for key, rows in cells.items()}
    rows = positives + negatives
    return make_profile(
        segment=segment,
        rows=rows,
        labelled=rows,
        outcome=BinaryOutcome(cells=cells, score_sums=sums),
    )


def measured(positives: int, negatives: int, fewest: int) -> dict[str, Measurement]:
    """Measure two groups, one of them small."""
    parts = [group("sex=f", positives, negatives), group("sex=m", LARGE, LARGE)]
    whole = group("all", positives + LARGE, negatives + LARGE)
    found = measure_model([whole, *parts], None, contract_of(fewest))
    return {
        f"{number.metric}/{number.segment}": number
        for number in found
        if number.column == "sex"
    }


@pytest.mark.parametrize(("rows", "is_known"), [(39, False), (40, True), (41, True)])
def test_min_group_rows_is_the_fewest_that_have_a_rate(
    rows: int, *, is_known: bool
) -> None:
    """All rows count for a selection rate; one fewer, and there is no gap."""
    found = measured(20, rows - 20, fewest=40)
    for name in ("selection_rate/sex=f", "demographic_parity_gap/all"):
        assert (found[name].value is not None) is is_known
        assert is_known or found[name].reason


@pytest.mark.parametrize(
    ("positives", "is_known"), [(39, False), (40, True), (41, True)]
)
def test_min_group_rows_counts_the_rows_that_count(
    positives: int, *, is_known: bool
) -> None:
    """Of a true positive rate only positives do, however many rows the group has."""
    found = measured(positives, 300, fewest=40)
    for name in ("tpr/sex=f", "equal_opportunity_gap/all"):
        assert (found[name].value is not None) is is_known
    assert found["selection_rate/sex=f"].value is not None
