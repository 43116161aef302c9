"""Whether the registry has the alias that a contract names."""

import logging
from dataclasses import replace

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.errors import RegistryError, TransientError, VersionMissingError
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
ACTING = {ResponseMode.APPROVE, ResponseMode.AUTO}
EVIDENCE = "alias_missing"
MOST_REASONS = 8
"""Of a day, this one among them; as `decide` has it."""


def alias_fault(space: Workspace, model: str) -> str:
    """Why the contract's alias cannot be moved; empty where it is set.

    Empty as well for a model that is not registered yet.

    Raises:
        SourceUnavailableError: If the registry does not answer.
        RegistryError: If it refuses to.
    """
    alias = space.contract(model).alias
    try:
        aliases = space.registry.aliases(model)
    except VersionMissingError:
        return ""
    if alias in aliases:
        return ""
    return (
        f"the registry has no alias '{alias}' of model '{model}' (it has: "
        f"{', '.join(sorted(aliases)) or 'none'}), so nothing can be rolled back; set "
        "the alias, or name another in `alias` of the contract"
    )


def check_alias(space: Workspace, model: str) -> tuple[list[str], list[str]]:
    """What `check` says of the alias: faults, and what is worth knowing.

    A fault where moving the alias is what the contract asks for, else a note; a note
    also where the registry could not be asked.
    """
    try:
        fault = alias_fault(space, model)
    except (RegistryError, TransientError) as error:
        return [], [f"alias: was not looked up: {error}"]
    if not fault:
        return [], []
    if space.contract(model).response.mode in ACTING:
        return [f"alias: {fault}"], []
    return [], [f"alias: {fault}"]


def with_alias_warning(space: Workspace, unit: Unit, decision: Decision) -> Decision:
    """Add to a day's reasons that the alias the contract relies on is not there.

    It changes no verdict. Days of the past are not asked: what stands in the registry
    now says nothing about them.
    """
    contract = space.contract(unit.model)
    if unit.mode not in {Mode.LIVE, Mode.DRY_RUN} or not _relies_on_alias(contract):
        return decision
    try:
        fault = alias_fault(space, unit.model)
    except (RegistryError, TransientError) as error:
        # A verdict must not wait for this; whoever moves the alias reads it again.
        logger.warning("whether the alias is there is not known: %s", error)
        return decision
    if not fault:
        return decision
    return replace(
        decision,
        reasons=(*decision.reasons[: MOST_REASONS - 1], fault),
        evidence={**decision.evidence, EVIDENCE: contract.alias},
    )


def _relies_on_alias(contract: Contract) -> bool:
    """Whether an alias is named, or Daywatch is to move the one nobody named."""
    return contract.response.mode in ACTING or "alias" in contract.model_fields_set
