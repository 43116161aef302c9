"""How far a batch may be from the reference."""

from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_tasks.contract.reference_gate import ReferenceGatePolicy


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        pytest.param({"notable_share": 0.4}, "lower it", id="warns after it breaks"),
        pytest.param({"rare_share": 0.04}, "lower it", id="rare is more than notable"),
        pytest.param({"notable_volume": 0.4}, "raise it", id="rows likewise"),
        pytest.param({"factor": 1}, "greater than 1", id="no factor"),
        pytest.param({"false_alarm": 0}, "greater than 0", id="never an alarm"),
        pytest.param({"recent_days": 2}, "greater than or equal to 3", id="few days"),
        pytest.param({"when": "sometimes"}, "always", id="unknown word"),
        pytest.param({"share": 0.5}, "Extra inputs", id="unknown key"),
    ],
)
def test_policy_that_cannot_be_meant_is_refused(
    keys: dict[str, Any], words: str
) -> None:
    """What contradicts itself is refused when it is read."""
    with pytest.raises(ValidationError, match=words):
        ReferenceGatePolicy.model_validate(keys)


def test_warning_may_coincide_with_unfit() -> None:
    """Where both are the same, nothing warns."""
    policy = ReferenceGatePolicy(notable_share=0.25, notable_volume=0.6)
    assert policy.notable_share == policy.gross_share
