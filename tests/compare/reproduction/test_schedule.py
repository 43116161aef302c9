"""On which days a version is asked for a day's rows again."""

from datetime import timedelta

import pytest

from monitoring_tasks.compare.reproduction.schedule import is_reproduction_due
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Check, Finding, Kind, Verdict
from monitoring_tasks.domain.reproductions import ReproducedDay
from tests.builders import (
    COLUMNS,
    DAY,
    make_contract,
    make_evaluation,
    make_finding,
    make_unit,
)


def contract(**rescore: object) -> Contract:
    """Return a contract whose turn never comes on its own within a year."""
    return make_contract(
        policy={"versions": {"rescore": {"every_days": 366} | rescore}}
    )


def past(ago: int, verdict: Verdict = Verdict.OK, version: str = "1") -> ReproducedDay:
    """Return what a day before said."""
    return ReproducedDay(
        day=DAY - timedelta(days=ago), version=version, verdict=verdict, rows=300
    )


def evaluation(column: str = "", **parts: object) -> Evaluation:
    """Return the day, with a statement about a column that does not hold."""
    rows: tuple[dict[str, object], ...] = ()
    if column:
        check = Check(
            gate="values", name="odd", column=column, status="failed",
            severity="warning",
        )  # fmt: skip
        rows = ({name: getattr(check, name) for name in Check.__slots__},)
    return make_evaluation(check_rows=rows, **parts)


def is_due(
    *findings: Finding,
    before: tuple[ReproducedDay, ...] = (past(9),),
    day: Evaluation | None = None,
    is_scoring: bool = False,
    **rescore: object,
) -> bool:
    """Say whether the day is asked about."""
    return is_reproduction_due(
        day or evaluation(),
        findings,
        before,
        contract(**rescore),
        is_scoring=is_scoring,
    )


def drift_of(column: str) -> Finding:
    """Return a column past its limit."""
    return make_finding(Verdict.WARN, kind=Kind.DRIFT, column=column)


def test_plain_day_is_left_alone() -> None:
    """Nothing gives reason to ask: inputs that drift, good numbers."""
    assert not is_due(make_finding(Verdict.OK), drift_of("age"))
    assert not is_due(day=evaluation("age"))


def test_every_so_many_days_are_asked_and_models_take_turns() -> None:
    """By the number of the day, so that a day in bulk is the same day."""
    week = [DAY + timedelta(days=n) for n in range(9)]

    def days_of(model: str) -> list[int]:
        asked = make_contract(model=model)
        return [
            number
            for number, day in enumerate(week)
            if is_reproduction_due(
                make_evaluation(unit=make_unit(day=day)),
                [],
                [past(9)],
                asked,
                is_scoring=False,
            )
        ]

    turns = {tuple(days_of(model)) for model in "abcdefghijklmnop"}
    assert turns == {(0, 3, 6), (1, 4, 7), (2, 5, 8)}


@pytest.mark.parametrize("column", [COLUMNS["score"], COLUMNS["prediction"]])
def test_outputs_that_drift_are_asked_about(column: str) -> None:
    """So are statements about them, or their version, that do not hold."""
    assert is_due(drift_of(column))
    assert is_due(day=evaluation(column))
    assert is_due(day=evaluation(COLUMNS["model_version"]))


@pytest.mark.parametrize("kind", [Kind.REALIZED, Kind.ESTIMATED, Kind.OUTCOME])
def test_numbers_that_scores_go_into_are_asked_about(kind: Kind) -> None:
    """A metric in breach, an estimate that warns, labels that moved."""
    assert is_due(make_finding(Verdict.BREACH, kind=kind))
    assert is_due(make_finding(Verdict.WARN, kind=kind))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param((), True, id="nothing was ever asked"),
        pytest.param((past(9, version="7"),), True, id="a new version"),
        pytest.param((past(2, Verdict.WARN),), True, id="two days after others"),
        pytest.param((past(3, Verdict.WARN),), False, id="three days after others"),
        pytest.param((past(9), past(0)), True, id="an earlier look at the day"),
        pytest.param((past(1, Verdict.NO_DATA),), False, id="could not be scored"),
    ],
)
def test_days_before_decide_as_well(
    before: tuple[ReproducedDay, ...], *, expected: bool
) -> None:
    """A run of bad days has to be seen to last, and to end."""
    assert is_due(before=before) is expected


def test_process_that_runs_anyway_is_asked() -> None:
    """There is no second start."""
    assert is_due(is_scoring=True)


def test_no_rows_switch_it_off() -> None:
    """Whatever speaks for it."""
    assert not is_due(drift_of("score"), is_scoring=True, rows=0)
    assert not is_due(before=(), day=evaluation(version=None))
