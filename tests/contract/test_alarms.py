import pytest
from pydantic import ValidationError

from monitoring_tasks.contract.alarms import AlarmPolicy


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"calm_changes": 4}, id="calm at once"),
        pytest.param({"flap_changes": 15}, id="more changes than days"),
        pytest.param({"longest_silence_days": 15}, id="silent for too long"),
        pytest.param({"nonsense": 1}, id="unknown key"),
    ],
)
def test_impossible_limits_are_refused(keys: dict[str, int]) -> None:
    """What could never flap, never calm down or never end is a slip."""
    with pytest.raises(ValidationError):
        AlarmPolicy.model_validate(keys)


def test_defaults_are_those_of_the_documentation() -> None:
    """Four changes of fourteen days, calm at two, seven days to come back."""
    policy = AlarmPolicy()
    assert (policy.flap_days, policy.flap_changes, policy.calm_changes) == (14, 4, 2)
    assert (policy.reopen_days, policy.longest_silence_days) == (7, 14)
