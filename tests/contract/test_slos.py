import pytest
from pydantic import ValidationError

from monitoring_tasks.contract.slos import Indicator, Slo
from tests.builders import make_contract

AUC = {"source": "realized", "metric": "roc_auc"}


def slo(**parts: object) -> Slo:
    """Return a promise about the AUC, parts replaced."""
    known = {"name": "auc", "indicator": AUC, "min": 0.6, "target": 0.9}
    return Slo.model_validate(known | parts)


@pytest.mark.parametrize(
    ("target", "window", "budget"),
    [
        pytest.param(0.9, 28, 2.8, id="2.8"),
        pytest.param(0.9, 30, 3.0, id="not a hair less than 3"),
        pytest.param(0.95, 28, 1.4, id="1.4"),
        pytest.param(0.7, 20, 6.0, id="6"),
    ],
)
def test_budget_is_exact(target: float, window: int, budget: float) -> None:
    """The budget is reckoned from the target as it was written."""
    assert slo(target=target, window_days=window).budget_days == budget


@pytest.mark.parametrize(
    ("target", "said"),
    [
        pytest.param(0.99, "the first bad day exhausts it", id="none tolerated"),
        pytest.param(0.95, "1.4 days of budget: the second bad day", id="one"),
        pytest.param(0.92, "", id="two"),
    ],
)
def test_note_warns_of_a_budget_under_two_days(target: float, said: str) -> None:
    """A budget a bad day or two spends is said to be so; others need no word."""
    note = slo(target=target).note
    assert said in note if said else note == ""


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        pytest.param({"min": None}, "one of min, max", id="no limit"),
        pytest.param({"max": 0.9}, "one of min, max", id="both limits"),
        pytest.param(
            {"indicator": {"source": "data"}}, "neither min nor max", id="limit on data"
        ),
        pytest.param({"min": float("nan")}, "finite", id="NaN"),
        pytest.param({"target": 1}, "less than 1", id="no budget"),
        pytest.param({"target": 0}, "greater than 0", id="no promise"),
        pytest.param({"name": "Big_Name"}, "match pattern", id="name"),
        pytest.param({"window_days": 13}, "never be reached in", id="window n-1"),
        pytest.param({"indicator": {"source": "realized"}}, "a metric", id="metric"),
        pytest.param(
            {"indicator": AUC | {"grace_hours": 1}}, "grace_hours is for", id="grace"
        ),
        pytest.param(
            {"indicator": {"source": "data", "metric": "f1"}, "min": None},
            "has no metric",
            id="metric of data",
        ),
    ],
)
def test_slo_that_cannot_be_meant_is_refused(
    parts: dict[str, object], said: str
) -> None:
    """A promise that contradicts itself never reaches a day."""
    with pytest.raises(ValidationError, match=said):
        slo(**parts)


def test_window_as_long_as_its_valid_days_is_accepted() -> None:
    """The shortest window is the number of valid days it needs."""
    assert slo(window_days=14, min_valid_days=14).window_days == 14


@pytest.mark.parametrize(
    ("source", "metric", "needed"),
    [
        ("realized", "roc_auc", True),
        ("estimated", "roc_auc", False),
        ("service", "volume", False),
        ("fairness", "equal_opportunity_gap", True),
        ("fairness", "demographic_parity_gap", False),
        ("fairness", "estimated_equal_opportunity_gap", False),
    ],
)
def test_indicator_knows_whether_it_waits_for_labels(
    source: str,
    metric: str,
    needed: bool,  # noqa: FBT001 (a table's column)
) -> None:
    """Numbers from labels are final late; all others with the predictions."""
    indicator = Indicator.model_validate({"source": source, "metric": metric})
    assert indicator.needs_labels is needed


def test_names_are_given_once_in_a_contract() -> None:
    """Two promises of one name could not be told apart."""
    one = slo().model_dump()
    assert make_contract(slos=[one, one | {"name": "other"}]).slos[1].name == "other"
    with pytest.raises(ValidationError, match="more than one has the name auc"):
        make_contract(slos=[one, one])
