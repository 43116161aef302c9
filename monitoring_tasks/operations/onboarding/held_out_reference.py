"""The first reference of a version, of rows a person names."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.extract import reference_files
from monitoring_tasks.extract.reference_rows import typed_rows
from monitoring_tasks.extract.version_names import frame_with_versions
from monitoring_tasks.operations.onboarding.logged_reference import (
    FirstReference,
    log_rows,
)
from monitoring_tasks.operations.reference_building import rows_of
from monitoring_tasks.rows.days import days_of
from monitoring_tasks.workspace.version_names import version_names_now
from monitoring_tasks.workspace.workspace import Workspace


def log_held_out(workspace: Workspace, model: str, path: Path) -> FirstReference:
    """Log the rows of a file as the reference of the version that scored most of them.

    Rows that name no version are taken to be of the one that the alias points to.

    Args:
        workspace: The workspace.
        model: Registered model name.
        path: Parquet or CSV of labelled rows that version was not trained on.

    Raises:
        ConfigurationError: If the version has a reference already, or neither rows
            nor alias tell it.
        DataError: If the file is not readable or its rows make no reference.
        RegistryError: If the version is not registered.
    """
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    contract = workspace.contract(model)
    rows = reference_files.read_rows(path, contract.columns)
    name = contract.columns.model_version
    warnings = []
    if name not in rows.columns or rows[name].isna().all():
        live = workspace.registry.alias_version(model, contract.alias)
        if live is None:
            raise ConfigurationError(_no_version(model, contract, path))
        rows = rows.assign(**{name: live})
        warnings.append(f"its rows name no version: taken to be of version {live}")
    rows = frame_with_versions(
        rows, contract.columns, partial(version_names_now, workspace, model)
    )
    # Rows of other versions, as around a release, are left out when logging.
    version = str(texts(rows[name]).value_counts().index[0])
    days = days_of(typed_rows(rows_of(rows, contract, version), contract), contract)
    made = log_rows(workspace, model, version, rows, days=days)
    return replace(made, origin=path.name, warnings=(*warnings, *made.warnings))


def _no_version(model: str, contract: Contract, path: Path) -> str:
    """Return that nothing tells which version scored some rows, and the remedy."""
    return (
        f"{path}: its rows name no version in '{contract.columns.model_version}', and "
        f"no alias '{contract.alias}' is set on a version of {model}: set it, or name "
        "another in `alias` of the contract, and log the rows with `daywatch reference "
        f"{model} --version V --trained-until DAY --rows {path}`"
    )
