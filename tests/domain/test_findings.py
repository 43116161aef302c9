import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.domain.findings import (
    GATES,
    SEVEREST_LAST,
    VALID,
    DataVerdict,
    Kind,
    Verdict,
    worst,
)
from tests.builders import make_measurement

VERDICTS = st.sampled_from(Verdict)


def test_every_verdict_is_ranked_once() -> None:
    """A verdict without a rank would make `worst` fail on the day it is first met."""
    assert sorted(SEVEREST_LAST) == sorted(Verdict)


@given(VERDICTS, VERDICTS)
def test_worst_is_commutative_and_idempotent(left: Verdict, right: Verdict) -> None:
    """The order of findings does not matter, nor does seeing one twice."""
    assert worst([left, right]) is worst([right, left])
    assert worst([left, left]) is left


@given(VERDICTS, VERDICTS, VERDICTS)
def test_worst_is_associative(one: Verdict, two: Verdict, three: Verdict) -> None:
    """Days can be judged in parts."""
    assert worst([worst([one, two]), three]) is worst([one, worst([two, three])])


def test_worst_of_nothing_is_no_data() -> None:
    """Absence of evidence is never ok."""
    assert worst([]) is Verdict.NO_DATA


@pytest.mark.parametrize(
    "verdict", sorted(set(Verdict) - {Verdict.OK, Verdict.EXCLUDED})
)
def test_ok_never_hides_anything(verdict: Verdict) -> None:
    """One number that is fine does not make up for one that is not, or is missing."""
    assert worst([Verdict.OK, verdict]) is verdict


def test_breach_is_never_hidden() -> None:
    """Nothing outranks a breach."""
    assert worst(Verdict) is Verdict.BREACH


def test_only_verdicts_about_the_model_are_valid() -> None:
    """A day that says nothing about the model does not count in k of n."""
    assert {Verdict.OK, Verdict.WARN, Verdict.BREACH} == VALID


@pytest.mark.parametrize("verdict", list(Verdict))
def test_data_is_fit_only_when_ok_or_warned_of(verdict: Verdict) -> None:
    """Data that could not be checked is not fit to judge by."""
    fit = DataVerdict(verdict=verdict, reason="").is_fit
    assert fit is (verdict in {Verdict.OK, Verdict.WARN})


def test_key_of_a_measurement_is_what_makes_it_one() -> None:
    """Kind, metric, column, segment, version and horizon; not the value."""
    number = make_measurement(column="x", segment="a=b", horizon=7)
    assert number.key == (Kind.REALIZED, "roc_auc", "x", "a=b", "1", 7)


def test_gates_stand_in_order() -> None:
    """Each gate rests on the ones before it."""
    first = ("presence", "rows", "schema", "keys", "nulls", "values")
    assert (*first, "reference") == GATES
