from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_tasks.contract.trust import TrustPolicy


@pytest.mark.parametrize(
    ("keys", "is_valid"),
    [
        ({"min_days": 60}, True),
        ({"min_days": 61}, False),
        ({"min_days": 4}, False),
        ({"min_days": 5, "window_days": 5}, True),
        ({"coverage": 1.01}, False),
        ({"max_bias": 0}, False),
    ],
    ids=str,
)
def test_rule_that_nothing_can_meet_is_refused(
    keys: dict[str, Any], *, is_valid: bool
) -> None:
    """More days than the window has, a share above one, a bias of nothing."""
    if is_valid:
        TrustPolicy(**keys)
        return
    with pytest.raises(ValidationError):
        TrustPolicy(**keys)
