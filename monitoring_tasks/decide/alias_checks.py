"""Whether the registry has the alias that a contract names. Pure."""

from collections.abc import Collection
from dataclasses import replace

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.sentences import reason
from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.reasons import ReasonCode

ACTING = frozenset({ResponseMode.APPROVE, ResponseMode.AUTO})
"""Modes in which Daywatch may move the alias."""
EVIDENCE = "alias_missing"
"""Under what name a decision keeps the alias that is not there."""


def relies_on_alias(contract: Contract) -> bool:
    """Whether an alias is named, or Daywatch is to move the one nobody named."""
    # A contract that never names it and lets nothing be moved may do without it.
    return contract.response.mode in ACTING or "alias" in contract.model_fields_set


def missing_alias(contract: Contract, aliases: Collection[str]) -> str:
    """Return why the contract's alias cannot be moved; empty where it is set."""
    if contract.alias in aliases:
        return ""
    return reason(
        ReasonCode.ALIAS_MISSING,
        alias=contract.alias,
        model=contract.model,
        aliases=aliases,
    ).text


def with_alias_warning(decision: Decision, contract: Contract, fault: str) -> Decision:
    """Return the decision with the reason that its alias is missing; same verdict.

    Args:
        decision: What the day means.
        contract: Names the alias.
        fault: Why the alias cannot be moved; empty where it can.
    """
    if not fault:
        return decision
    return replace(
        decision.with_reason(ReasonCode.ALIAS_MISSING, fault),
        evidence={**decision.evidence, EVIDENCE: contract.alias},
    )
