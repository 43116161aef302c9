"""P-values of promised limits, and how many of them outlast a day's many tests."""

from math import inf, nan
from typing import Any

import numpy as np
import pytest
from scipy import stats

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.interval_rule import judge, p_value_against
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.compare.promise_p_value import p_value_past
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement, Verdict
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from tests.builders import COLUMNS, DAY, make_contract, make_measurement, make_reference

OK, WARN, BREACH = Verdict.OK, Verdict.WARN, Verdict.BREACH
Z = 1.959964
LOW, HIGH, BOTH = Limit(low=0.6), Limit(high=0.6), Limit(low=0.6, high=0.65)


@pytest.mark.parametrize(
    ("ends", "limit", "expected"),
    [
        pytest.param((0.55, 0.50, 0.60), LOW, 0.025, id="upper end on low"),
        pytest.param((0.65, 0.60, 0.70), HIGH, 0.025, id="lower end on high"),
        pytest.param((0.60, 0.50, 0.70), LOW, 0.5, id="on low"),
        pytest.param((0.65, 0.55, 0.75), LOW, stats.norm.cdf(Z / 2), id="within"),
        pytest.param((0.55, 0.20, 0.60), LOW, 0.025, id="only the near half counts"),
        pytest.param((0.55, 0.50, inf), LOW, 0.5, id="no end on that side"),
        pytest.param((0.55, -inf, 0.60), LOW, 0.025, id="no end on the other"),
        pytest.param((0.59, 0.59, 0.59), LOW, 0.0, id="certain, past it"),
        pytest.param((0.60, 0.60, 0.60), LOW, 1.0, id="certain, on it"),
        pytest.param(
            (0.55, 0.50, 0.60), BOTH, 0.025 + stats.norm.sf(2 * Z), id="both sides"
        ),
        pytest.param((0.625, 0.6, 0.65), BOTH, 1.0, id="in the middle of both"),
    ],
)
def test_chance_by_hand(
    ends: tuple[float, float, float], limit: Limit, expected: float
) -> None:
    """The normal tail beyond the limit, by the half of the interval that faces it."""
    value, lower, upper = ends
    number = make_measurement(value=value, lower=lower, upper=upper)
    chance = p_value_against(number, limit, confidence=0.95)
    assert chance == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "ends",
    [(None, None, None), (0.5, None, 0.6), (0.5, 0.4, None), (nan, 0.1, 0.2),
     (inf, 0.1, 0.2)],
    ids=["nothing", "no lower end", "no upper end", "no number", "infinite"],
)  # fmt: skip
def test_no_interval_is_no_test(ends: tuple[float | None, ...]) -> None:
    """Where nothing tells how far chance moves a number there is no p-value."""
    value, lower, upper = ends
    number = make_measurement(value=value, lower=lower, upper=upper)
    assert p_value_against(number, LOW, confidence=0.95) is None


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("upper", [0.5999, 0.6001])
def test_chance_and_interval_rule_say_the_same(confidence: float, upper: float) -> None:
    """A breach is just what chance brings less often than the interval leaves out."""
    number = make_measurement(value=0.55, lower=0.4, upper=upper)
    chance = p_value_against(number, LOW, confidence=confidence)
    assert chance is not None
    is_breach = judge(number, LOW, min_rows=1).verdict is BREACH
    assert is_breach == (chance < (1 - confidence) / 2)


def test_chances_of_many_are_those_of_each() -> None:
    """Arrays and single numbers go by one formula."""
    past = np.array([-0.1, 0.0, 0.02, 0.1])
    for error in (0.05, 0.0, inf):
        many = p_value_past(past, error, width=0.1)
        assert many.tolist() == [
            float(p_value_past(one, error, width=0.1)) for one in past.tolist()
        ]


def contract_of(*objectives: dict[str, Any], **policy: object) -> Contract:
    """Promise something of version 1."""
    return make_contract(
        objectives=list(objectives),
        columns=COLUMNS | {"segments": ["shop"], "protected": ["sex"]},
        policy={"horizons": [{"days": 1, "false_alarm": 0.01}]} | policy,
    )


def segment(number: int, **parts: object) -> dict[str, Any]:
    """Promise an AUC of 0.6 in a segment."""
    known = {"metric": "roc_auc", "source": "realized", "min": 0.6}
    return known | {"segment": f"shop={number}"} | parts


def measured(number: int, upper: float = 0.599) -> Measurement:
    """Return a segment's AUC, 0.0495 below the upper end of its interval."""
    half = 0.0495
    return make_measurement(
        segment=f"shop={number}",
        value=upper - half,
        lower=upper - 2 * half,
        upper=upper,
    )


def judged(
    contract: Contract,
    *numbers: Measurement,
    reference: ReferenceProfile | None = None,
) -> list[Finding]:
    """Judge numbers of a day whose labels are known."""
    context = DayContext(
        day=DAY,
        contract=contract,
        references={"1": reference} if reference else {},
        label_coverage={"1": 1.0},
    )
    return judge_day(numbers, context)


def test_one_segment_alone_is_a_breach() -> None:
    """A single test past its limit is no matter of many."""
    (found,) = judged(contract_of(segment(0)), measured(0))
    assert found.verdict is BREACH
    assert found.p_value is not None
    assert 0 < found.p_value < 0.025


def test_one_of_twenty_segments_just_past_its_limit_is_a_warning() -> None:
    """With twenty static limits one is past by chance every other day."""
    contract = contract_of(*(segment(n) for n in range(20)))
    odd, *healthy = judged(
        contract, measured(0), *(measured(n, upper=0.72) for n in range(1, 20))
    )
    assert odd.verdict is WARN
    assert "one of 20 tests today" in odd.reason
    assert {finding.verdict for finding in healthy} == {OK}


def test_segment_far_past_its_limit_is_found_among_twenty() -> None:
    """What chance does not bring in twenty tests stays a breach."""
    contract = contract_of(*(segment(n) for n in range(20)))
    odd, *_ = judged(
        contract, measured(0, 0.5), *(measured(n, 0.72) for n in range(1, 20))
    )
    assert odd.verdict is BREACH


def test_whole_batch_is_no_harder_to_find_among_segments() -> None:
    """However many segments are tested, the whole batch is judged alone."""
    whole = {"metric": "roc_auc", "source": "realized", "min": 0.6}
    contract = contract_of(whole, *(segment(n) for n in range(20)))
    number = make_measurement(value=0.5495, lower=0.5, upper=0.599)
    found, *segments = judged(contract, number, *(measured(n, 0.72) for n in range(20)))
    assert found.verdict is BREACH
    assert all(one.verdict is not BREACH for one in segments)


def test_gap_between_groups_is_one_test_of_the_day() -> None:
    """A promised limit on fairness is controlled with the segments."""
    gap = {"metric": "demographic_parity_gap", "source": "fairness"} | {
        "column": "sex",
        "max": 0.1,
    }
    number = make_measurement(
        kind=Kind.FAIRNESS,
        metric="demographic_parity_gap",
        column="sex",
        value=0.151,
        lower=0.101,
        upper=0.201,
    )
    assert judged(contract_of(gap), number)[0].verdict is BREACH
    contract = contract_of(gap, *(segment(n) for n in range(20)))
    found, *_ = judged(contract, number, *(measured(n, 0.72) for n in range(20)))
    assert found.verdict is WARN


@pytest.mark.parametrize(
    ("hard", "verdict"),
    [(0.599, WARN), (0.5991, BREACH), (0.5, WARN)],
    ids=["upper end on it", "past it", "far below"],
)
def test_hard_limit_stands_however_many_are_tested(
    hard: float, verdict: Verdict
) -> None:
    """A breach of the gravest kind is never put down to the number of tests."""
    contract = contract_of(
        segment(0, hard_min=hard), *(segment(n) for n in range(1, 20))
    )
    odd, *_ = judged(contract, measured(0), *(measured(n, 0.72) for n in range(1, 20)))
    assert odd.verdict is verdict


def learnt(spread: float) -> ReferenceProfile:
    """Return a reference whose segment had an AUC of 0.7."""
    noise = DailyNoise(mean=0.7, spread=spread, days=60)
    return make_reference(noise={"realized/roc_auc//shop=0": noise})


def test_two_limits_are_one_test_at_twice_the_price() -> None:
    """Promised and learnt limit together: the smaller p-value counts twice."""
    number, promise = measured(0), {"segment": "shop=0"}
    alone = judged(contract_of(segment(0)), number)[0].p_value
    loss = segment(0, min=None, max_drop=0.05) | promise
    by_loss = judged(contract_of(loss), number, reference=learnt(0.02))[0]
    both = judged(
        contract_of(segment(0, max_drop=0.05)), number, reference=learnt(0.02)
    )[0]
    assert by_loss.verdict is both.verdict is BREACH
    assert alone is not None
    assert by_loss.p_value is not None
    assert by_loss.p_value < alone
    assert both.p_value == pytest.approx(2 * by_loss.p_value)


def test_limit_that_holds_lends_no_evidence() -> None:
    """The p-value is that of the broken limit, not of a loss that is allowed."""
    calm = learnt(0.0001)
    contract = contract_of(segment(0, max_drop=0.3))
    (found,) = judged(contract, measured(0), reference=calm)
    (alone,) = judged(contract_of(segment(0)), measured(0))
    assert (found.verdict, alone.verdict) == (BREACH, BREACH)
    assert alone.p_value is not None
    assert found.p_value == pytest.approx(2 * alone.p_value)


def test_what_is_not_judged_is_no_test() -> None:
    """Too few rows, no value, no labels: no p-value."""
    contract = contract_of(segment(0))
    for parts in ({"rows": 99}, {"value": None}, {"value": nan}, {"value": inf}):
        number = make_measurement(
            **{"segment": "shop=0", "lower": 0.4, "upper": 0.5} | parts
        )
        (found,) = judged(contract, number)
        assert found.p_value is None
        assert found.verdict in {Verdict.INCONCLUSIVE, Verdict.NO_DATA}
