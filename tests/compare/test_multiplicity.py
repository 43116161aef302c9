from math import nan
from typing import Any, Literal

import numpy as np
import pytest
from scipy import stats

from monitoring_tasks.compare.multiplicity import (
    adjusted_p_values,
    benjamini_hochberg,
    benjamini_yekutieli,
    control,
)
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement, Verdict

OK, WARN, BREACH = Verdict.OK, Verdict.WARN, Verdict.BREACH
INCONCLUSIVE = Verdict.INCONCLUSIVE
# Benjamini and Hochberg (1995), section 4.1: the example of the paper.
PAPER = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


@pytest.mark.parametrize(
    ("p_values", "hochberg", "yekutieli"),
    [
        pytest.param([], [], [], id="none"),
        pytest.param([0.05], [True], [True], id="one, on the rate"),
        pytest.param([0.0501], [False], [False], id="one, past the rate"),
        pytest.param([0.0], [True], [True], id="one, impossible by chance"),
        pytest.param([1.0, 1.0], [False, False], [False, False], id="all healthy"),
        pytest.param([0.6, 0.025], [False, True], [False, False], id="on 1/2"),
        pytest.param([0.6, 0.0251], [False, False], [False, False], id="past 1/2"),
        pytest.param([0.6, 0.0166], [False, True], [False, True], id="on 1/3"),
        pytest.param([0.05, 0.05], [True, True], [False, False], id="carried along"),
        pytest.param([0, 1], [True, False], [True, False], id="whole numbers"),
    ],
)
def test_kept_tests(
    p_values: list[float], hochberg: list[bool], yekutieli: list[bool]
) -> None:
    """The step-up rule at its edges; Yekutieli's is stricter by 1 + 1/2 + ... + 1/m."""
    assert benjamini_hochberg(p_values, 0.05) == hochberg
    assert benjamini_yekutieli(p_values, 0.05) == yekutieli


def test_example_of_the_paper() -> None:
    """Benjamini and Hochberg keep four of their fifteen tests at 5 %."""
    assert benjamini_hochberg(PAPER, 0.05) == [True] * 4 + [False] * 11
    assert sum(benjamini_yekutieli(PAPER, 0.05)) == 3


@pytest.mark.parametrize("p_value", [nan, -0.01, 1.01])
@pytest.mark.parametrize("others", [[], [0.5]], ids=["alone", "with another"])
def test_what_is_no_probability_is_refused(p_value: float, others: list[float]) -> None:
    """A p-value that is none never passes for a healthy one."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([p_value, *others], 0.05)


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, nan])
def test_rate_out_of_range_is_refused(rate: float) -> None:
    """A rate of nothing or of everything controls nothing."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([], rate)


def finding(
    verdict: Verdict,
    p_value: float | None,
    **who: Any,  # noqa: ANN401 (parts)
) -> Finding:
    """Return a judged drift of a column, or what `who` makes of it."""
    known = {"kind": Kind.DRIFT, "metric": "jensen_shannon", "version": "1"} | who
    return Finding(
        measurement=Measurement(**known, value=0.3),
        verdict=verdict,
        reason="past",
        limit=Limit(high=0.1, advisory=known["kind"] is Kind.DRIFT),
        p_value=p_value,
    )


def segment(verdict: Verdict, p_value: float | None) -> Finding:
    """Return a judged objective of a segment."""
    return finding(verdict, p_value, kind=Kind.REALIZED, segment="c=a")


def fairness(verdict: Verdict, p_value: float | None) -> Finding:
    """Return a judged gap between groups."""
    return finding(verdict, p_value, kind=Kind.FAIRNESS, column="c")


def whole(verdict: Verdict, p_value: float | None) -> Finding:
    """Return a judged objective of the whole batch."""
    return finding(verdict, p_value, kind=Kind.REALIZED)


def verdicts(*findings: Finding, dependence: bool = False) -> list[Verdict]:
    """Control the findings of a day at 5 %."""
    return [f.verdict for f in control(findings, rate=0.05, dependence=dependence)]


@pytest.mark.parametrize(
    ("one", "after"),
    [
        pytest.param(segment(BREACH, 0.06), WARN, id="segment"),
        pytest.param(fairness(BREACH, 0.06), WARN, id="fairness"),
        pytest.param(finding(WARN, 0.06), OK, id="drift"),
        pytest.param(finding(BREACH, 0.06), WARN, id="drift in breach"),
        pytest.param(segment(BREACH, 0.05), BREACH, id="segment beyond chance"),
        pytest.param(finding(WARN, 0.05), WARN, id="drift beyond chance"),
        pytest.param(whole(BREACH, 0.9), BREACH, id="whole batch"),
        pytest.param(segment(BREACH, None), BREACH, id="limit not learnt"),
        pytest.param(finding(WARN, None), WARN, id="drift, limit not learnt"),
        pytest.param(segment(WARN, 0.9), WARN, id="warning that is no advice"),
        pytest.param(segment(INCONCLUSIVE, 0.9), INCONCLUSIVE, id="inconclusive"),
        pytest.param(segment(OK, 0.001), OK, id="never worse"),
        pytest.param(segment(Verdict.NO_DATA, 0.9), Verdict.NO_DATA, id="no data"),
    ],
)
def test_demotion_is_one_step(one: Finding, after: Verdict) -> None:
    """What chance explains goes one step down; nothing else moves."""
    assert verdicts(one) == [after]


def test_reason_tells_how_many_tests_there_were() -> None:
    """The reader learns why a number past its limit is no alarm."""
    findings = [finding(WARN, 0.02), finding(OK, 0.5), finding(OK, 0.9), whole(OK, 1.0)]
    first, *others = control(findings, rate=0.05, dependence=False)
    assert first.reason == (
        "past; one of 3 tests today, and no more than chance alone explains (false "
        "discovery rate 5 %)"
    )
    assert others == findings[1:]


def test_finding_without_a_limit_is_demoted_all_the_same() -> None:
    """Only what is advisory can end as ok."""
    bare = Finding(
        measurement=segment(BREACH, 0.5).measurement,
        verdict=BREACH,
        reason="",
        p_value=0.5,
    )
    assert verdicts(bare) == [WARN]


def test_healthy_numbers_count_as_tests() -> None:
    """The more numbers are looked at, the less a single one proves."""
    odd = finding(WARN, 0.01)
    assert verdicts(odd, *[finding(OK, 0.5)] * 4)[0] is WARN
    assert verdicts(odd, *[finding(OK, 0.5)] * 5)[0] is OK


def test_drift_and_groups_are_families_of_their_own() -> None:
    """Many columns do not water down an alarm about a group, nor the other way."""
    columns = [finding(OK, 0.5)] * 50
    assert verdicts(*columns, segment(BREACH, 0.04), whole(OK, 0.9))[50] is BREACH
    groups = [segment(OK, 0.5), fairness(OK, 0.5)]
    assert verdicts(finding(WARN, 0.04), *groups)[0] is WARN


def test_segments_and_fairness_are_one_family() -> None:
    """Objectives of segments and gaps between groups are tests of the same day."""
    assert verdicts(segment(BREACH, 0.04), fairness(OK, 0.5)) == [WARN, OK]
    assert verdicts(segment(OK, 0.5), fairness(BREACH, 0.04)) == [OK, WARN]


def test_untested_findings_do_not_count() -> None:
    """Numbers without a p-value are no tests."""
    others = [segment(Verdict.NO_DATA, None), segment(OK, None)]
    assert verdicts(segment(BREACH, 0.04), *others)[0] is BREACH


def test_dependence_costs_power() -> None:
    """To hold under any dependence, more is asked of each test."""
    pair = (segment(BREACH, 0.02), segment(OK, 0.9))
    assert verdicts(*pair) == [BREACH, OK]
    assert verdicts(*pair, dependence=True) == [WARN, OK]


def test_order_and_findings_are_kept() -> None:
    """As many findings come out, in the same order, the untouched ones the same."""
    findings = [whole(BREACH, 0.9), finding(WARN, 0.9), segment(BREACH, 0.9)]
    before = list(findings)
    after = control(findings, rate=0.05, dependence=False)
    assert findings == before
    assert [f.measurement for f in after] == [f.measurement for f in before]
    assert after[0] is before[0]
    assert control(after, rate=0.05, dependence=False) == after
    assert control([], rate=0.05, dependence=False) == []


def test_p_value_that_is_no_number_is_refused() -> None:
    """A finding whose p-value is not a number cannot pass as tested."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        control([finding(WARN, nan)], rate=0.05, dependence=False)


@pytest.mark.parametrize("method", ["bh", "by"])
def test_adjusted_p_values_are_scipys(method: Literal["bh", "by"]) -> None:
    """Tests are kept as SciPy keeps them, ties and single tests too."""
    random = np.random.default_rng(5)
    for count in (1, 2, 40):
        p_values = np.round(random.uniform(size=count) ** 3, 2).tolist()
        np.testing.assert_array_equal(
            adjusted_p_values(p_values, method),
            stats.false_discovery_control(p_values, method=method),
        )


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability_is_no_p_value(wrong: float) -> None:
    """A number outside of 0..1 is refused and not ranked among the others."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjusted_p_values([0.5, wrong], "bh")
