"""A path leads to one value of the contract, or is refused in words."""

import pytest

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.incident_tests.contract_values import value_at
from tests.builders import make_contract

AUC = {"metric": "roc_auc", "source": "realized", "min": 0.6}
CONTRACT = make_contract(objectives=[AUC, AUC | {"source": "estimated", "min": 0.5}])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("policy.persistence.bad_days", CONTRACT.policy.persistence.bad_days),
        ("objectives[1].min", 0.5),
        ("objectives[realized roc_auc].min", 0.6),
        ("owners[0]", "team"),
    ],
)
def test_paths_of_keys_places_and_words(path: str, value: object) -> None:
    """As levers and replays write them."""
    assert value_at(CONTRACT, path) == value


@pytest.mark.parametrize(
    "path", ["", "policy.nothing", "objectives[roc_auc].min", "a b", "objectives[9]"]
)
def test_what_leads_nowhere_or_to_several_is_refused(path: str) -> None:
    """A test that holds nothing would pass for ever."""
    with pytest.raises(ConfigurationError):
        value_at(CONTRACT, path)
