"""Suites held against the reference of the version that serves."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import make_url

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.errors import RegistryError, TransientError
from monitoring_tasks.rows.days import days_of
from monitoring_tasks.rows.names import DAY
from monitoring_tasks.validate.suites.suite_trial import SuiteTrial, try_suite
from monitoring_tasks.workspace.workspace import Workspace


def check_suites(workspace: Workspace, model: str) -> dict[Path, SuiteTrial]:
    """Evaluate the sound suites of a model on its live version's reference, once.

    Nothing while there is no registry, no alias or no reference yet: a suite comes
    before them. A registry that does not answer is a note.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.

    Returns:
        File of a suite -> what its trial found.
    """
    suites = [
        p for name in ("predictions", "labels") if (p := workspace.suite(model, name))
    ]
    if not suites or not has_registry(workspace):
        return {}
    contract = workspace.contract(model)
    try:
        version = workspace.registry.alias_version(model, contract.alias)
        reference = workspace.reference(model, version) if version else None
        rows = workspace.references.rows(model, version) if version else None
    except (RegistryError, TransientError) as error:
        note = f"the suite was not evaluated on the reference: {error}"
        return {path: SuiteTrial(notes=[note]) for path in suites}
    if reference is None or rows is None:
        return {}
    table = pa.Table.from_pandas(rows, preserve_index=False)
    table = table.append_column(DAY, pa.array(days_of(rows, contract), pa.date32()))
    return _try_all(suites, contract, reference, table)


def _try_all(
    suites: list[Path], contract: Contract, reference: ReferenceProfile, table: pa.Table
) -> dict[Path, SuiteTrial]:
    days = {
        day: table.filter(pc.equal(table[DAY], pa.scalar(day))).drop_columns(DAY)
        for day in sorted(pc.unique(table[DAY]).to_pylist())
    }
    is_whole = table.num_rows == reference.profile.rows
    return {path: try_suite(path, contract, days, is_whole=is_whole) for path in suites}


def has_registry(workspace: Workspace) -> bool:
    """Whether there is a registry to ask; looking must not make one."""
    address = workspace.settings.registry_url
    if "://" not in address:
        return Path(address).exists()
    if not address.startswith("sqlite"):
        return True
    # Connecting to an SQLite file that is not there would make it.
    return Path(make_url(address).database or "").is_file()
