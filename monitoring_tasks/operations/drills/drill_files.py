"""The files of a drill: days as they were delivered, and a contract that reads them."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.files import FILE_NAME, LoadedContract
from monitoring_tasks.contract.sources import FileSource, Source, Sources
from monitoring_tasks.operations.drills.deliveries import Delivery


def put(home: Path, file: str, delivery: Delivery) -> None:
    """Write a day where a contract of `copy_contract` looks for it.

    Args:
        home: Home of a throw-away workspace.
        file: Path of the day's file below `predictions` and `labels`.
        delivery: Rows and labels of the day.
    """
    for kind, rows in (
        ("predictions", delivery.predictions),
        ("labels", delivery.labels),
    ):
        path = home / kind / file
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.to_parquet(path, index=False)


def copy_contract(
    loaded: LoadedContract,
    folder: Path,
    *,
    file: str,
    **changes: Any,  # noqa: ANN401 (parts)
) -> None:
    """Copy a contract and its suites, with sources under `folder`.

    Args:
        loaded: The contract and where it lies.
        folder: Home of a throw-away workspace.
        file: Path of a day's file below `predictions` and `labels`, with `{day}`.
        changes: Parts of the contract that are replaced.
    """
    contract = _without_rescoring(loaded.contract.model_copy(update=changes))
    home = folder / "expectations" / contract.model
    shutil.copytree(loaded.folder, home)
    sources = Sources(
        predictions=_files(f"predictions/{file}", contract.sources.predictions),
        labels=_files(f"labels/{file}", contract.sources.labels),
    )
    drilled = contract.model_copy(update={"sources": sources})
    text = yaml.safe_dump(drilled.model_dump(mode="json"), allow_unicode=True)
    (home / FILE_NAME).write_text(text, encoding="utf-8")


def _without_rescoring(contract: Contract) -> Contract:
    """Return the contract of a drill: it feigns what a worse version would have given.

    Rows scored again would see through that, and name another cause.
    """
    policy, versions = contract.policy, contract.policy.versions
    rescore = versions.rescore.model_copy(update={"rows": 0})
    versions = versions.model_copy(update={"rescore": rescore})
    return contract.model_copy(
        update={"policy": policy.model_copy(update={"versions": versions})}
    )


def _files(path: str, source: Source) -> FileSource:
    # With the instants, labels come in the drill when they really came.
    return FileSource(path=path, arrived_at=source.arrived_at)
