from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.files import LoadedContract, load_contract
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.policy.other_policies import (
    changed_keys,
    needs_measuring,
    plain_changes,
    read_other,
)
from tests.builders import make_contract, raw_contract

AUC = {"metric": "roc_auc", "source": "realized", "min": 0.6}
Ask = Callable[[Any], Contract]


@pytest.fixture
def current(tmp_path: Path) -> LoadedContract:
    """A contract with one objective and two keys of a policy."""
    path = tmp_path / "monitor.yaml"
    policy = {"min_rows": 50, "persistence": {"bad_days": 2, "of_days": 4}}
    path.write_text(yaml.safe_dump(raw_contract(objectives=[AUC], policy=policy)))
    return load_contract(path)


@pytest.fixture
def ask(current: LoadedContract, tmp_path: Path) -> Ask:
    """Read a file beside the contract."""

    def read(content: Any) -> Contract:  # noqa: ANN401 (YAML)
        path = tmp_path / "other.yaml"
        path.write_text(
            content if isinstance(content, str) else yaml.safe_dump(content)
        )
        return read_other(current, path)

    return read


def test_fragment_is_merged_key_by_key(ask: Ask, current: LoadedContract) -> None:
    """Keys beside the given ones stay; a list takes the place of a list."""
    other = ask({
        "policy": {"persistence": {"of_days": 5}},
        "objectives": [AUC | {"min": 0.5}],
    })  # fmt: skip
    assert (other.policy.persistence.bad_days, other.policy.min_rows) == (2, 50)
    assert changed_keys(current.contract, other) == [
        "objectives", "policy.persistence.of_days",
    ]  # fmt: skip


def test_whole_contract_is_taken_as_it_is(ask: Ask) -> None:
    """Nothing of the other one is left."""
    assert ask(raw_contract(objectives=[AUC])).policy.min_rows == 100


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("a: [", "not valid YAML", id="broken"),
        pytest.param({}, "give a whole contract", id="empty"),
        pytest.param({"persistence": {}}, "give a whole contract", id="no such part"),
        pytest.param(
            {"policy": {"min_rows": 0}}, "policy.min_rows: ", id="against a rule"
        ),
    ],
)
def test_file_that_cannot_be_used_says_why(ask: Ask, content: Any, said: str) -> None:  # noqa: ANN401 (YAML)
    """With file and key."""
    with pytest.raises(ConfigurationError, match=r"other\.yaml: ") as refused:
        ask(content)
    assert said in str(refused.value)


def test_file_that_is_not_there_is_told(current: LoadedContract) -> None:
    """By its name."""
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_other(current, Path("nowhere.yaml"))


@pytest.mark.parametrize(
    ("policy", "measured"),
    [
        pytest.param({"min_rows": 5}, [], id="only judges"),
        pytest.param({"confidence": 0.9}, ["policy.confidence"], id="intervals"),
        pytest.param(
            {"horizons": [{"days": 1, "false_alarm": 0.1}]},
            ["policy.horizons"],
            id="other horizons",
        ),
    ],
)
def test_only_keys_that_make_numbers_need_measuring(
    policy: dict[str, Any], measured: list[str]
) -> None:
    """Limits are held against the kept numbers."""
    assert needs_measuring(make_contract(), make_contract(policy=policy)) == measured


def test_other_objective_needs_measuring_and_other_limit_does_not() -> None:
    """A pool is measured for what objectives are about."""
    before = make_contract(objectives=[AUC])
    limit = make_contract(objectives=[AUC | {"min": 0.4}])
    other = make_contract(objectives=[AUC | {"metric": "f1"}])
    assert needs_measuring(before, limit) == []
    assert needs_measuring(before, other) == ["objectives"]


def test_what_was_never_counted_cannot_be_replayed() -> None:
    """Rows of another size of sample, or another calendar, are in no count."""
    other = make_contract(timezone="Asia/Tokyo", policy={"sample_rows": 9})
    with pytest.raises(ConfigurationError, match=r"timezone, policy\.sample_rows"):
        needs_measuring(make_contract(), other)


def test_what_was_never_asked_of_a_version_cannot_be_replayed() -> None:
    """A replay scores no rows, so nobody can say what the scores would hang on."""
    other = make_contract(policy={"attribution": {"rows": 500}})
    with pytest.raises(ConfigurationError, match=r"policy\.attribution\.rows"):
        needs_measuring(make_contract(), other)


def test_plain_changes_are_read_back_as_the_other_contract(
    ask: Ask, current: LoadedContract
) -> None:
    """What is proposed is what is replayed."""
    wanted = ask({
        "policy": {"slow_persistence": {"bad_days": 5, "of_days": 20}},
        "objectives": [AUC | {"max_drop": 0.2}],
    })  # fmt: skip
    fragment = plain_changes(current.contract, wanted)
    assert set(fragment["policy"]) == {"slow_persistence"}
    assert ask(fragment) == wanted
