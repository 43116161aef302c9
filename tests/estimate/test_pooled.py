from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.pooled import measure_pooled
from tests.builders import (
    COLUMNS,
    DAY,
    make_columns,
    make_contract,
    make_profile,
    make_reference,
)

AUC = {"metric": "roc_auc", "source": "realized", "min": 0.5}
REFERENCE = make_reference()


def day(
    ago: int, cells: dict[tuple[int, int, int], int], *, segment: str = "all"
) -> DayProfile:
    """Return a day so many days ago with rows by score bin, prediction and label."""
    rows = sum(cells.values())
    return make_profile(
        day=DAY - timedelta(days=ago),
        segment=segment,
        rows=rows,
        labelled=sum(n for (_, _, label), n in cells.items() if label >= 0),
        outcome=BinaryOutcome(
            cells=cells,
            score_sums={key: key[0] / 10_000 * n for key, n in cells.items()},
        ),
    )


RIGHT = {(2000, 0, 0): 50, (8000, 1, 1): 50}
WRONG = {(2000, 0, 1): 50, (8000, 1, 0): 50}
UNLABELLED = {(2000, 0, -1): 50, (8000, 1, -1): 50}


def promising(*objectives: dict[str, Any]) -> Contract:
    """Return a contract with these objectives."""
    columns = COLUMNS | {"segments": ["origin"], "error": "failed"}
    return make_contract(objectives=list(objectives), columns=columns)


def test_days_are_measured_as_one() -> None:
    """Half of the pairs right over two days is what neither day shows."""
    days = [day(1, RIGHT), day(0, WRONG)]
    (found,) = measure_pooled(days, REFERENCE, promising(AUC), 3)
    assert (found.value, found.rows, found.horizon) == (0.5, 200, 3)
    assert "over 2 days" in found.reason


@pytest.mark.parametrize(
    ("held", "horizon", "measured"),
    [(1, 2, False), (2, 2, True), (2, 5, False), (3, 5, True), (3, 7, False)],
)
def test_pool_needs_two_days_and_half_its_horizon(
    held: int, horizon: int, *, measured: bool
) -> None:
    """A week of one day would be that day under another name."""
    days = [day(ago, RIGHT) for ago in range(held)]
    found = measure_pooled(days, REFERENCE, promising(AUC), horizon)
    assert bool(found) is measured


def test_days_without_labels_do_not_enter_what_needs_them() -> None:
    """An immature day would weigh only its early labels."""
    few = UNLABELLED | {(2000, 0, 1): 10}
    days = [day(2, RIGHT), day(1, RIGHT), day(0, few)]
    (found,) = measure_pooled(days, REFERENCE, promising(AUC), 3)
    assert (found.value, found.rows) == (1.0, 200)


def test_estimates_are_taken_over_all_days() -> None:
    """An estimate waits for no label."""
    estimated = {"metric": "roc_auc", "source": "estimated", "min": 0.5}
    days = [day(1, UNLABELLED), day(0, UNLABELLED)]
    found = measure_pooled(days, REFERENCE, promising(AUC, estimated), 2)
    assert [(n.kind, n.rows) for n in found] == [(Kind.ESTIMATED, 200)]


def test_only_what_an_objective_is_about_is_measured() -> None:
    """Nobody asked for the rest, and a backfill pays for it every day."""
    part = AUC | {"segment": "origin=JFK"}
    days = [
        day(ago, RIGHT, segment=segment)
        for ago in (1, 0)
        for segment in ("all", "origin=JFK", "origin=LGA")
    ]
    found = measure_pooled(days, REFERENCE, promising(part), 2)
    assert [(n.metric, n.segment) for n in found] == [("roc_auc", "origin=JFK")]
    volume = {"metric": "error_ratio", "source": "service", "max": 0.5}
    assert measure_pooled(days, REFERENCE, promising(volume), 2) == []


def test_fairness_needs_the_groups() -> None:
    """A gap between groups is pooled from the groups' own counts."""
    gap = {"metric": "equal_opportunity_gap", "source": "fairness", "column": "sex"}
    columns = make_columns(protected=["sex"]).model_dump()
    contract = make_contract(columns=columns, objectives=[gap | {"max": 0.1}])
    many = {key: 10 * rows for key, rows in (RIGHT | WRONG).items()}
    days = [
        day(ago, many, segment=segment)
        for ago in (1, 0)
        for segment in ("all", "sex=f", "sex=m")
    ]
    (found,) = measure_pooled(days, REFERENCE, contract, 2)
    assert (found.kind, found.column, found.horizon) == (Kind.FAIRNESS, "sex", 2)
    assert found.value is not None


def test_no_days_give_no_number() -> None:
    """Nothing in, nothing out; the reference itself may be absent as well."""
    assert measure_pooled([], REFERENCE, promising(AUC), 7) == []
    days = [replace(day(ago, RIGHT), version="9") for ago in (1, 0)]
    (found,) = measure_pooled(days, None, promising(AUC), 2)
    assert (found.version, found.value) == ("9", 1.0)
