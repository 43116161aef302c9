"""When rows are scored again: what the contract refuses."""

import pytest
from pydantic import ValidationError

from monitoring_tasks.contract.rescore import RescorePolicy


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        pytest.param({"notable_share": 0.5}, "lower it", id="warns after it alarms"),
        pytest.param({"rows": 10}, "greater than or equal to 50", id="too few to tell"),
        pytest.param({"every_days": 0}, "greater than or equal to 1", id="no day"),
    ],
)
def test_what_cannot_be_meant_is_refused(keys: dict[str, float], said: str) -> None:
    """With the key, and what to do."""
    with pytest.raises(ValidationError, match=said):
        RescorePolicy(**keys)


def test_no_rows_is_how_to_switch_it_off() -> None:
    """The least there is otherwise is fifty."""
    assert RescorePolicy(rows=0).rows == 0
    assert RescorePolicy(rows=50).rows == 50
