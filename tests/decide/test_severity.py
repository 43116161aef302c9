"""The table of severity, row by row, and that nothing worse is ever less grave."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.contract.severity import SeverityPolicy
from monitoring_tasks.decide.severity import grade
from monitoring_tasks.domain.impact import (
    DataLevel,
    DriftLevel,
    Impact,
    Level,
    PipelineLevel,
)

POLICY = SeverityPolicy()
QUIET = Impact(tier=2)


def severity(policy: SeverityPolicy = POLICY, **parts: Any) -> str | None:  # noqa: ANN401 (facts)
    """Grade a quiet day of a tier-2 model with some facts replaced."""
    found = grade(replace(QUIET, **parts), policy).severity
    return found and found.value


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"performance": Level.TREND}, "P3", id="unconfirmed"),
        pytest.param({"performance": Level.WARNING}, "P2", id="slow rule"),
        pytest.param({"performance": Level.CONFIRMED}, "P1", id="confirmed"),
        pytest.param({"performance": Level.HARD}, "P1", id="hard, tier 2"),
        pytest.param({"performance": Level.HARD, "tier": 1}, "P0", id="hard, tier 1"),
        pytest.param({"fairness": Level.TREND}, "P3", id="gap, unconfirmed"),
        pytest.param({"fairness": Level.CONFIRMED}, "P1", id="gap"),
        pytest.param({"fairness": Level.HARD}, "P0", id="gap, hard"),
        pytest.param({"data": DataLevel.ODD}, "P3", id="damage of a day"),
        pytest.param({"data": DataLevel.HELD}, "P2", id="batch held"),
        pytest.param({"data": DataLevel.USED}, "P1", id="batch used"),
        pytest.param({"data": DataLevel.WRONG_POPULATION}, "P1", id="wrong, tier 2"),
        pytest.param(
            {"data": DataLevel.WRONG_POPULATION, "tier": 1}, "P0", id="wrong, tier 1"
        ),
        pytest.param({"pipeline": PipelineLevel.BLIND}, "P2", id="blind"),
        pytest.param({"pipeline": PipelineLevel.BLIND, "tier": 1}, "P1", id="blind, 1"),
        pytest.param({"pipeline": PipelineLevel.BLIND_AGAIN}, "P1", id="blind again"),
        pytest.param({"drift": DriftLevel.SEEN}, "P3", id="drift"),
        pytest.param({"drift": DriftLevel.PREDICTS_LOSS}, "P2", id="drift that costs"),
        pytest.param({"common_models": 3}, "P1", id="three models"),
        pytest.param(
            {"common_models": 3, "common_tier_one": 3}, "P0", id="three of tier 1"
        ),
    ],
)
def test_row_of_the_table(parts: dict[str, Any], expected: str | None) -> None:
    """Each row by itself asks for the severity the table gives it."""
    assert severity(**parts) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [(None, "P1"), (0.25, "P1"), (0.2499, "P1"), (0.05, "P1"), (0.0499, "P2")],
)
def test_small_slice_matters_less_and_an_unknown_one_does_not(
    share: float | None, expected: str
) -> None:
    """Below `small_share` a P2; what nobody counted is treated as everything."""
    parts: dict[str, Any] = {"performance": Level.CONFIRMED, "share_of_rows": share}
    assert severity(**parts) == expected
    assert severity(**parts, fairness=Level.CONFIRMED) == "P1"


@pytest.mark.parametrize(
    ("share", "expected"), [(None, "P0"), (0.25, "P0"), (0.2499, "P1"), (0.05, "P1")]
)
def test_gravest_needs_a_large_share(share: float | None, expected: str) -> None:
    """A slice below `large_share` is no P0 by its performance alone."""
    assert severity(performance=Level.HARD, tier=1, share_of_rows=share) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param({"tier": 1, "streak": 4}, "P1", id="four days"),
        pytest.param({"tier": 1, "streak": 5}, "P0", id="five days"),
        pytest.param({"tier": 2, "streak": 9}, "P1", id="tier 2 is not raised"),
        pytest.param({"action_regressed": True}, "P0", id="our own rollback failed"),
        pytest.param({"exhausted": ("auc",)}, "P1", id="a budget makes no P0"),
        pytest.param(
            {"performance": Level.WARNING, "exhausted": ("auc",)}, "P1", id="budget"
        ),
        pytest.param(
            {"tier": 3, "action_regressed": True}, "P1", id="tier 3 is capped"
        ),
        pytest.param(
            {"tier": 3, "fairness": Level.HARD}, "P0", id="tier 3, protected group"
        ),
    ],
)
def test_what_raises_and_what_caps(parts: dict[str, Any], expected: str) -> None:
    """A confirmed breach, raised by one each, tier 3 a P1 at most but for groups."""
    assert severity(**{"performance": Level.CONFIRMED} | parts) == expected


@pytest.mark.parametrize(
    ("lost", "expected"), [(None, None), (99.0, None), (100.0, "P1"), (1000.0, "P0")]
)
def test_value_counts_where_the_owners_say_from_when(
    lost: float | None, expected: str | None
) -> None:
    """Without limits on value no loss of it is a row."""
    limits = SeverityPolicy(severe_value_loss=100, gravest_value_loss=1000)
    assert severity(limits, value_lost=lost) == expected
    assert severity(value_lost=lost) is None


def test_every_row_that_applies_is_told() -> None:
    """The rows that apply stand in the answer, then what raised them."""
    impact = replace(
        QUIET,
        performance=Level.WARNING,
        drift=DriftLevel.SEEN,
        exhausted=("auc",),
    )
    found = grade(impact, POLICY)
    told = [(row.rule, row.severity.value) for row in found.rows]
    assert told == [("performance", "P2"), ("drift", "P3"), ("error budget", "P1")]
    assert "auc" in found.rows[-1].why


SHARES = st.one_of(st.none(), st.floats(0, 1))
IMPACTS = st.builds(
    Impact,
    tier=st.integers(1, 3),
    performance=st.sampled_from(Level),
    fairness=st.sampled_from(Level),
    data=st.sampled_from(DataLevel),
    pipeline=st.sampled_from(PipelineLevel),
    drift=st.sampled_from(DriftLevel),
    share_of_rows=SHARES,
    streak=st.integers(0, 8),
    common_models=st.sampled_from([0, 3, 4]),
    common_tier_one=st.integers(0, 4),
    exhausted=st.sampled_from([(), ("auc",)]),
    action_regressed=st.booleans(),
    value_lost=st.one_of(st.none(), st.floats(0, 2000)),
)
LIMITS = SeverityPolicy(severe_value_loss=100, gravest_value_loss=1000)


def badness(name: str, value: Any) -> Any:  # noqa: ANN401 (any field)
    """Order the values of a field by how bad they are; unknown rows are all rows."""
    if name == "tier":
        return -value
    if name == "share_of_rows":
        return 1.0 if value is None else value
    return 0 if value is None else value


def worst(name: str, *values: Any) -> Any:  # noqa: ANN401 (any field)
    """Return the worst of the values of a field."""
    return max(values, key=lambda value: badness(name, value))


@given(IMPACTS, IMPACTS)
def test_nothing_worse_is_ever_less_grave(one: Impact, other: Impact) -> None:
    """The worse of two days in every respect is at least as grave as either."""
    names = [part.name for part in fields(Impact)]
    parts = {
        name: worst(name, getattr(one, name), getattr(other, name)) for name in names
    }
    worse = Impact(**parts)
    gravest = grade(worse, LIMITS).severity
    for day in (one, other):
        severity = grade(day, LIMITS).severity
        assert severity is None or (gravest is not None and gravest <= severity)


@given(IMPACTS)
def test_what_is_not_known_is_never_less_grave(impact: Impact) -> None:
    """Losing count of the rows that are touched makes no trouble smaller."""
    known = grade(impact, LIMITS).severity
    unknown = grade(replace(impact, share_of_rows=None), LIMITS).severity
    assert known is None or (unknown is not None and unknown <= known)


@given(IMPACTS)
def test_drift_alone_is_never_more_than_a_ticket(impact: Impact) -> None:
    """However much inputs move: P2 at most, and that only where a loss is predicted."""
    alone = grade(replace(QUIET, tier=impact.tier, drift=impact.drift), LIMITS).severity
    assert alone is None or alone.value in {"P2", "P3"}
