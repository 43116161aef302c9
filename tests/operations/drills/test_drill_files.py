"""The contract of a drill."""

from pathlib import Path

from monitoring_tasks.contract.files import LoadedContract, load_contract
from monitoring_tasks.operations.drills.drill_files import copy_contract
from tests.builders import make_contract


def test_drill_scores_nothing_again(tmp_path: Path) -> None:
    """It feigns what a worse version gives; rows scored again would see through it."""
    contract = make_contract(policy={"versions": {"rescore": {"rows": 100}}})
    (tmp_path / "real").mkdir()
    loaded = LoadedContract(contract=contract, path=tmp_path / "real" / "monitor.yaml")
    copy_contract(loaded, tmp_path / "drill", file="{day}.parquet")
    written = tmp_path / "drill" / "expectations" / contract.model / "monitor.yaml"
    drilled = load_contract(written).contract
    assert drilled.policy.versions.rescore.rows == 0
    assert drilled.policy.versions.margin == contract.policy.versions.margin
