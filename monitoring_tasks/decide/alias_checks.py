"""Whether the registry has the alias that a contract names. Pure."""

from collections.abc import Collection
from dataclasses import replace

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.sentences import MAX_REASONS
from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.decisions import Decision

ACTING = frozenset({ResponseMode.APPROVE, ResponseMode.AUTO})
"""How far a contract goes that lets Daywatch move its alias."""
EVIDENCE = "alias_missing"
"""Under what name a decision keeps the alias that is not there."""


def relies_on_alias(contract: Contract) -> bool:
    """Whether an alias is named, or Daywatch is to move the one nobody named."""
    return contract.response.mode in ACTING or "alias" in contract.model_fields_set


def missing_alias(contract: Contract, aliases: Collection[str]) -> str:
    """Return why the contract's alias cannot be moved; empty where it is set.

    Args:
        contract: Names the alias.
        aliases: The aliases the registry has of the model.
    """
    if contract.alias in aliases:
        return ""
    return (
        f"the registry has no alias '{contract.alias}' of model '{contract.model}' (it "
        f"has: {', '.join(sorted(aliases)) or 'none'}), so nothing can be rolled back; "
        "set the alias, or name another in `alias` of the contract"
    )


def with_alias_warning(decision: Decision, contract: Contract, fault: str) -> Decision:
    """Add to a day's reasons that its alias is not there; it changes no verdict.

    Args:
        decision: What the day means.
        contract: Names the alias.
        fault: Why the alias cannot be moved; empty where it can.
    """
    if not fault:
        return decision
    return replace(
        decision,
        reasons=(*decision.reasons[: MAX_REASONS - 1], fault),
        evidence={**decision.evidence, EVIDENCE: contract.alias},
    )
