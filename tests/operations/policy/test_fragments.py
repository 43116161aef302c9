"""Fragments of contracts in files of their own."""

from pathlib import Path

import pytest
import yaml

from monitoring_tasks.contract.files import FILE_NAME, LoadedContract
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.policy.fragments import write_fragment
from tests.builders import make_contract

FRAGMENT = {"policy": {"persistence": {"bad_days": 2, "of_days": 3}}}


def contract_at(path: Path) -> LoadedContract:
    return LoadedContract(contract=make_contract(), path=path)


def test_fragment_is_read_back_as_it_was(tmp_path: Path) -> None:
    """The file holds the fragment, and what it held before is gone."""
    path = tmp_path / "looser.yaml"
    path.write_text("policy: {}\nold: 1\n")
    write_fragment(contract_at(tmp_path / FILE_NAME), path, FRAGMENT)
    assert yaml.safe_load(path.read_text()) == FRAGMENT


@pytest.mark.parametrize("name", [FILE_NAME, "own.yaml"])
def test_fragment_is_never_written_over_a_contract(tmp_path: Path, name: str) -> None:
    """Neither where contracts lie by their name, nor where the model's own lies."""
    path = tmp_path / name
    path.write_text("model: churn\n")
    with pytest.raises(ConfigurationError, match="is a contract"):
        write_fragment(contract_at(tmp_path / "own.yaml"), path, FRAGMENT)
    assert path.read_text() == "model: churn\n"
