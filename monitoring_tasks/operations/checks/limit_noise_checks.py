"""A contract's limits held against the noise of the version that serves."""

from pathlib import Path

from sqlalchemy import make_url

from monitoring_tasks.compare.limit_checks import (
    QUICK,
    promised_alarms,
    refusals,
    undetectable,
    unjudgeable,
)
from monitoring_tasks.errors import NoDataError, RegistryError, TransientError
from monitoring_tasks.operations.policy.limit_basis_of_model import limit_basis_of
from monitoring_tasks.workspace.workspace import Workspace


def check_limits(workspace: Workspace, model: str) -> tuple[list[str], list[str]]:
    """Hold a contract's limits against the noise of the version that serves.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.

    Returns:
        What has to be fixed (limits that page about nothing more often than
        `policy.tuning` lets them) and what is worth knowing (losses that no horizon
        can tell from chance, days too small to be judged).

    Nothing at all while no day was judged or the version has no reference: a contract
    comes before its first day. Where the registry does not answer, that is a note.
    """
    if not has_store(workspace):
        return [], []
    try:
        basis = limit_basis_of(workspace, model)
    except NoDataError:
        return [], []
    except (RegistryError, TransientError) as error:
        return [], [f"limits were not held against the noise: {error}"]
    alarms = promised_alarms(basis, basis.contract, size=QUICK)
    return refusals(basis, alarms), [*undetectable(basis), *unjudgeable(basis)]


def has_store(workspace: Workspace) -> bool:
    """Say whether there is a store to ask; looking must not make one."""
    url = make_url(workspace.settings.store_url)
    # Connecting to an SQLite file that is not there would make it.
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()
