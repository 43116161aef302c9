"""Fairness: rates and gaps of groups, counted by hand."""

from dataclasses import replace
from math import exp, hypot, log, sqrt

import pytest

from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    MulticlassOutcome,
    RegressionOutcome,
)
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.fairness import measure_fairness
from tests.estimate.count_by_hand import make_profile


def group(
    name: str, cells: dict[tuple[int, int], int], *, score: float = 0.5
) -> DayProfile:
    """Make a group from (predicted, label) -> rows, all of one score."""
    counts = {(int(score * 10_000), *key): rows for key, rows in cells.items()}
    sums = {key: rows * score for key, rows in counts.items()}
    outcome = BinaryOutcome(cells=counts, score_sums=sums)
    return make_profile(outcome=outcome, segment=f"sex={name}")


WOMEN = group("F", {(1, 1): 20, (0, 1): 20, (1, 0): 10, (0, 0): 50, (1, -1): 100})
MEN = group("M", {(1, 1): 45, (0, 1): 5, (1, 0): 20, (0, 0): 30})
OTHERS = group("X", {(1, 1): 12, (0, 1): 18, (1, 0): 28, (0, 0): 42})
UNKNOWN = group("unknown", {(0, 0): 100, (0, 1): 100})
FEW = group("Few", {(1, 1): 3})


def measured(
    *groups: DayProfile, min_rows: int = 20
) -> dict[tuple[str, str], Measurement]:
    """Measure, by metric and segment."""
    found = measure_fairness(groups, "sex", min_rows=min_rows, confidence=0.95)
    return {(m.metric, m.segment): m for m in found}


@pytest.mark.parametrize(
    ("rate", "value", "rows"),
    [
        ("selection_rate", 130 / 200, 200),
        ("tpr", 20 / 40, 40),
        ("fpr", 10 / 60, 60),
        ("precision", 20 / 30, 30),
        ("base_rate", 40 / 100, 100),
        ("calibration", 0.4 - 0.5, 100),
    ],
)
def test_rates_are_counted_on_the_rows_they_are_about(
    rate: str, value: float, rows: int
) -> None:
    """Selection counts unlabelled rows too, the other rates only labelled ones."""
    number = measured(WOMEN, MEN)[(rate, "sex=F")]
    assert number.value == pytest.approx(value)
    assert (number.rows, number.column, number.reason) == (rows, "sex", "")
    assert number.lower is not None
    assert number.upper is not None
    assert number.lower < value < number.upper


@pytest.mark.parametrize(
    ("gap", "value", "extremes"),
    [
        ("demographic_parity_gap", 0.65 - 0.4, "smallest X 0.400, largest "),
        ("demographic_parity_ratio", 0.4 / 0.65, "smallest X 0.400, largest "),
        ("equal_opportunity_gap", 0.9 - 0.4, "tpr: smallest X 0.400, largest M 0.900"),
        ("equalized_odds_gap", 0.9 - 0.4, "tpr: smallest X 0.400, largest M 0.900"),
        ("predictive_parity_gap", 45 / 65 - 0.3, "smallest X 0.300, largest M 0.692"),
        ("calibration_gap", 0.5 - 0.3, "smallest X -0.200, largest M 0.000"),
    ],
)
def test_gaps_are_what_fairlearn_defines(gap: str, value: float, extremes: str) -> None:
    """Highest less lowest of all groups; the ratio is lowest over highest.

    Women: selected .65, tpr .5, fpr 1/6, precision 2/3. Men: .65, .9, .4, 45/65.
    Others: .4, .4, .4, .3. Mean label - score: -.1, 0, -.2.
    """
    number = measured(WOMEN, MEN, OTHERS)[(gap, "all")]
    assert number.value == pytest.approx(value)
    assert extremes in number.reason
    assert "alike groups would differ by 0." in number.reason
    assert number.lower is not None
    assert number.upper is not None
    assert number.lower < value < number.upper


def test_equalized_odds_takes_the_larger_gap() -> None:
    """Of tpr (.1) and fpr (.4) the second one is worse."""
    one = group("A", {(1, 1): 45, (0, 1): 5, (1, 0): 30, (0, 0): 20})
    two = group("B", {(1, 1): 40, (0, 1): 10, (1, 0): 10, (0, 0): 40})
    number = measured(one, two)[("equalized_odds_gap", "all")]
    assert number.value == pytest.approx(0.4)
    assert number.reason.startswith("fpr: smallest B 0.200, largest A 0.600")


def test_interval_of_two_groups_is_the_usual_one() -> None:
    """For two groups the bootstrap is close to Agresti's and Caffo's closed form."""
    number = measured(WOMEN, MEN)[("equal_opportunity_gap", "all")]
    women, men = 21 / 42, 46 / 52
    error = sqrt(women * (1 - women) / 42 + men * (1 - men) / 52)
    assert number.lower == pytest.approx(men - women - 1.96 * error, abs=0.02)
    assert number.upper == pytest.approx(men - women + 1.96 * error, abs=0.02)


def test_interval_of_the_ratio_is_that_of_logarithms() -> None:
    """The log of a ratio of shares has the variance 1/a - 1/n + 1/b - 1/m."""
    number = measured(WOMEN, OTHERS)[("demographic_parity_ratio", "all")]
    error = hypot(sqrt(1 / 131 - 1 / 202), sqrt(1 / 41 - 1 / 102))
    centre = log((41 / 102) / (131 / 202))
    assert number.lower == pytest.approx(exp(centre - 1.96 * error), abs=0.02)
    assert number.upper == pytest.approx(exp(centre + 1.96 * error), abs=0.02)


@pytest.mark.parametrize(
    "name", ["unknown", "Unknown", "", "None", "null", "NaN", " "], ids=repr
)
def test_unknown_is_reported_and_never_compared(name: str) -> None:
    """No answer is not an answer of its own."""
    found = measured(WOMEN, MEN, replace(UNKNOWN, segment=f"sex={name}"))
    assert found[("tpr", f"sex={name}")].value == 0
    gap = found[("equal_opportunity_gap", "all")]
    assert gap.value == pytest.approx(0.4)
    assert gap.reason.endswith(f"not compared: {name!r}")


def test_the_caller_says_what_is_unknown() -> None:
    """Where `X` means no answer, X is not compared."""
    found = measure_fairness(
        [WOMEN, MEN, OTHERS],
        "sex",
        min_rows=20,
        confidence=0.95,
        unknown=frozenset({"x"}),
    )
    gap = next(m for m in found if m.metric == "equal_opportunity_gap")
    assert gap.value == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("min_rows", "value"), [(39, 0.4), (40, 0.4), (41, None)], ids=["39", "40", "41"]
)
def test_a_group_needs_positives_to_be_compared(
    min_rows: int, value: float | None
) -> None:
    """The women's 40 positives count for tpr, not their 200 rows."""
    found = measured(WOMEN, MEN, min_rows=min_rows)
    gap, own = found[("equal_opportunity_gap", "all")], found[("tpr", "sex=F")]
    assert gap.value == pytest.approx(value)
    assert (own.value is None) == (value is None)
    if value is None:
        assert own.reason == "only 40 rows count, 41 are needed"
        assert gap.reason == (
            "fewer than two groups are large enough to compare; "
            "left out, fewer than 41 rows count: F (40)"
        )


def test_a_small_group_is_named_and_left_out() -> None:
    """Three rows say nothing about a group, and do not move the gap of the others."""
    with_few, without = measured(WOMEN, MEN, FEW), measured(WOMEN, MEN)
    gap, alone = (m[("equal_opportunity_gap", "all")] for m in (with_few, without))
    assert with_few[("selection_rate", "sex=Few")].value is None
    assert gap.reason.endswith("left out, fewer than 20 rows count: Few (3)")
    assert replace(gap, reason="") == replace(alone, reason="")


def test_many_small_groups_are_counted() -> None:
    """A reason stays a sentence."""
    few = [replace(FEW, segment=f"sex=few{i}") for i in range(9)]
    gap = measured(WOMEN, MEN, *few)[("demographic_parity_gap", "all")]
    assert gap.reason.endswith("few4 (3) and 4 more")


def test_unlabelled_groups_have_only_their_selection() -> None:
    """Before labels the others have no value, and a reason."""
    one, two = group("A", {(1, -1): 30, (0, -1): 70}), group("B", {(0, -1): 100})
    found = measured(one, two)
    valued = {metric for (metric, _), m in found.items() if m.value is not None}
    parity = {"demographic_parity_gap", "demographic_parity_ratio"}
    assert valued == {"selection_rate"} | parity
    assert all(m.reason for m in found.values() if m.value is None)
    ratio = found[("demographic_parity_ratio", "all")]
    assert ratio.value == ratio.lower == 0


def test_a_gap_stays_within_its_range() -> None:
    """All men and no woman selected: a gap of 1, and no end beyond it."""
    women, men = group("F", {(0, 1): 30, (0, 0): 30}), group("M", {(1, 1): 60})
    gap = measured(women, men)[("demographic_parity_gap", "all")]
    assert gap.value == gap.upper == 1
    assert gap.lower is not None
    assert 0.8 < gap.lower < 1


def test_no_selected_row_has_no_ratio() -> None:
    """Nothing over nothing is not equal; the gap is 0 all the same."""
    none = [group(name, {(0, 1): 30, (0, 0): 70}) for name in "AB"]
    found = measured(*none)
    ratio, gap = (found[(f"demographic_parity_{m}", "all")] for m in ("ratio", "gap"))
    assert (ratio.value, ratio.reason) == (None, "no row of any group is selected")
    assert gap.value == gap.lower == 0
    assert gap.upper is not None
    assert gap.upper > 0.01


@pytest.mark.parametrize("label", [0, 1], ids=["negatives only", "positives only"])
def test_one_class_has_no_rate_of_the_other(label: int) -> None:
    """One class of label leaves either tpr or fpr open, never a division by zero."""
    groups = [group(name, {(1, label): 40, (0, label): 40}) for name in "AB"]
    found = measured(*groups)
    assert (found[("tpr", "sex=A")].value is None) == (label == 0)
    assert (found[("fpr", "sex=A")].value is None) == (label == 1)
    assert found[("equalized_odds_gap", "all")].value is None
    assert found[("calibration_gap", "all")].value == pytest.approx(0)


def test_rows_without_a_decision_are_left_out() -> None:
    """A missing prediction selects nobody and rejects nobody."""
    failed = group("F", {(1, 1): 20, (0, 1): 20, (-1, 1): 50, (-1, -1): 50})
    assert measured(failed)[("selection_rate", "sex=F")].rows == 40


def test_the_order_of_groups_does_not_matter() -> None:
    """The same day gives the same numbers in the same order, to the bit."""
    same = replace(WOMEN, segment="sex=Z")
    orders = ([WOMEN, same, MEN], [MEN, same, WOMEN])
    one, other = (
        measure_fairness(groups, "sex", min_rows=20, confidence=0.95)
        for groups in orders
    )
    assert one == other


def test_late_labels_do_not_move_what_needs_none() -> None:
    """The interval of the selection rates is drawn alike when labels come."""
    before, after = (
        group("F", {(1, -1): 60, (0, -1): 40}),
        group("F", {(1, 1): 60, (0, 0): 40}),
    )
    gaps = [
        measured(g, MEN)[("demographic_parity_gap", "all")] for g in (before, after)
    ]
    assert gaps[0] == gaps[1]


def test_other_columns_are_passed_over() -> None:
    """A column is not part of another, and a value may hold a sign of its own."""
    odd = replace(WOMEN, segment="sex=a=b")
    other = replace(MEN, segment="sexes=M")
    found = measured(odd, other)
    assert ("tpr", "sex=a=b") in found
    assert "a=b" not in str([m for m in found if m[1].startswith("sexes")])


def test_no_group_at_all_still_answers() -> None:
    """The absence of groups is written down, for the version that has none."""
    found = measured(make_profile(segment="region=east"))
    assert {segment for _, segment in found} == {"all"}
    assert len(found) == 6
    for number in found.values():
        assert number.value is None
        assert number.reason == "fewer than two groups are large enough to compare"
        assert number.version == "1"


@pytest.mark.parametrize(
    "outcome", [MulticlassOutcome(), RegressionOutcome()], ids=repr
)
def test_other_models_say_why_there_is_no_fairness(
    outcome: MulticlassOutcome | RegressionOutcome,
) -> None:
    """Silence would look like health."""
    found = measured(make_profile(outcome=outcome, segment="sex=F"))
    assert len(found) == 6
    assert {m.value for m in found.values()} == {None}
    assert {m.reason for m in found.values()} == {
        "fairness is measured for binary models only"
    }
