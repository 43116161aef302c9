"""Limits of severity, hard limits, and groups that have to be protected."""

import pytest
from pydantic import ValidationError

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy
from tests.builders import make_columns, make_contract


def test_defaults_are_those_of_the_table() -> None:
    """A quarter and a twentieth of the rows, five days, three models."""
    limits = Policy().severity
    assert (limits.large_share, limits.small_share) == (0.25, 0.05)
    assert (limits.long_breach_days, limits.common_models) == (5, 3)
    assert (limits.quarantine_holds, limits.severe_value_loss) == (True, None)


@pytest.mark.parametrize(
    ("limits", "is_possible"),
    [
        ({"min": 0.7, "hard_min": 0.6}, True),
        ({"min": 0.7, "hard_min": 0.7}, True),
        ({"min": 0.7, "hard_min": 0.71}, False),
        ({"max": 0.1, "hard_max": 0.2}, True),
        ({"max": 0.1, "hard_max": 0.09}, False),
        ({"max_drop": 0.1, "hard_min": 0.6}, True),
    ],
)
def test_hard_limit_lies_beyond_the_limit(
    limits: dict[str, float], *, is_possible: bool
) -> None:
    """What is past the hard limit is past the limit."""
    parts = {"metric": "roc_auc", "source": "realized"} | limits
    if is_possible:
        assert Objective.model_validate(parts).metric == "roc_auc"
    else:
        with pytest.raises(ValidationError, match="is crossed before the limit"):
            Objective.model_validate(parts)


def test_gap_of_a_column_that_is_not_protected_is_refused() -> None:
    """Its groups are not counted, so that the promise could never be judged."""
    gap = {"metric": "equal_opportunity_gap", "source": "fairness", "max": 0.1}
    columns = make_columns(protected=["sex"]).model_dump()
    make_contract(objectives=[gap | {"column": "sex"}], columns=columns)
    for column in ("age", ""):
        with pytest.raises(ValidationError, match=r"not among columns.protected \(sex"):
            make_contract(objectives=[gap | {"column": column}], columns=columns)
