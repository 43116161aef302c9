"""From which share of the rows on the gate speaks: its own rule, turned round."""

import math

import pytest

from monitoring_tasks.domain.batch_baseline import Baseline, BatchBaseline
from monitoring_tasks.validate.corruption.gate_limits import share_limits, volume_limit
from tests.builders import make_contract

NEVER = Baseline(mean=0.0, spread=0.0, low=0.0, high=0.0, jump=0.0)
OFTEN = Baseline(mean=0.3, spread=0.05, low=0.2, high=0.42, jump=0.05)
CONTRACT = make_contract()


def baseline(rows: int = 1_000, **shares: Baseline) -> BatchBaseline:
    """Return what sixty days of so many rows have in common; `_` stands for `/`."""
    level = Baseline(
        mean=math.log(rows),
        spread=0.05,
        low=math.log(rows) - 0.1,
        high=math.log(rows) + 0.1,
        jump=0.05,
    )
    named = {key.replace("_", "/", 1): usual for key, usual in shares.items()}
    return BatchBaseline(days=60, rows=level, shares=named)


def test_what_never_was_is_told_from_the_rare_share_on() -> None:
    """Chance at so many rows comes on top; more rows need less."""
    (few,) = share_limits(baseline(500, nulls_a=NEVER), CONTRACT)
    (many,) = share_limits(baseline(1_000_000, nulls_a=NEVER), CONTRACT)
    assert few.limit is not None
    assert many.limit == pytest.approx(0.01, abs=1e-4)
    assert few.limit >= many.limit


def test_what_varies_has_to_exceed_every_day() -> None:
    """The largest of the reference's days is no news."""
    (limit,) = share_limits(baseline(nulls_a=OFTEN), CONTRACT)
    assert limit.limit is not None
    assert limit.limit > OFTEN.high


def test_only_inputs_make_a_batch_unfit() -> None:
    """And of categories a more common one is drift, no filled-in value."""
    limits = share_limits(
        baseline(nulls_a=NEVER, nulls_score=NEVER, common_b=OFTEN), CONTRACT
    )
    gross = {(limit.kind, limit.about): limit.gross is not None for limit in limits}
    assert gross == {("nulls", "a"): True, ("nulls", "score"): False}


def test_decimals_are_asked_once_where_values_usually_lack_them() -> None:
    """Of tenths it is the hundredths; whether they are whole varies."""
    limits = share_limits(
        baseline(finer0_a=OFTEN, finer1_a=NEVER, finer2_a=NEVER), CONTRACT
    )
    (limit,) = limits
    assert (limit.kind, limit.about, limit.gross) == ("finer1", "a", None)


def test_rows_have_to_be_missing_beyond_chance_and_notably() -> None:
    """Steady days need the policy's share, unsteady ones more."""
    steady = volume_limit(baseline(), CONTRACT)
    assert steady.limit == pytest.approx(-math.log(0.7))
    assert steady.gross == pytest.approx(-math.log(0.6))
