"""Whether a version is asked what its scores hang on."""

from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_tasks.contract.attribution import AttributionPolicy
from monitoring_tasks.contract.policy import Policy


def test_nobody_is_asked_by_default() -> None:
    """It costs scoring rows many times over, so somebody has to want it."""
    assert Policy().attribution.rows == 0


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        pytest.param({"rows": 99}, "greater than or equal to 100", id="few rows"),
        pytest.param({"rows": -1}, "greater than or equal to 100", id="below nothing"),
        pytest.param({"days": 13}, "greater than or equal to 14", id="few days"),
        pytest.param({"false_alarm": 0}, "greater than 0", id="never an alarm"),
        pytest.param({"min_loss": 1}, "less than 1", id="nothing ever warns"),
        pytest.param({"row": 500}, "Extra inputs", id="unknown key"),
    ],
)
def test_policy_that_cannot_be_meant_is_refused(
    keys: dict[str, Any], words: str
) -> None:
    """A handful of rows has no order worth a word."""
    with pytest.raises(ValidationError, match=words):
        AttributionPolicy.model_validate(keys)
