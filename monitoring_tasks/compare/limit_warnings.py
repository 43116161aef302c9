"""Limits below the noise, said on the day itself: worked out once, then remembered."""

import logging
from collections.abc import Callable
from dataclasses import replace

from monitoring_tasks.compare.limit_basis import limit_basis
from monitoring_tasks.compare.limit_checks import (
    QUICK,
    promised_alarms,
    refusals,
    undetectable,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.reference import ReferenceProfile

logger = logging.getLogger(__name__)
EVIDENCE = "limits"
"""Under what name a decision keeps what is to be said of the contract's limits."""
Warnings = dict[str, list[str]]
"""`below_noise`: limits that healthy days cross too often; `never_told`: losses that no
horizon can tell from chance; `unknown`: why neither could be worked out."""
Remember = Callable[[Callable[[], Warnings]], Warnings]
"""`remember(make)`: what `make` gave when it was first asked for."""


def limit_warnings(
    contract: Contract, reference: ReferenceProfile, remember: Remember
) -> Warnings:
    """Return what is to be said of limits that mean nothing, or why nobody knows.

    It follows from contract and reference alone, so that every look at a day says the
    same. The first one draws years of healthy days (about a second an objective).
    Nothing that goes wrong with it stops a day: that is logged and returned.

    Args:
        contract: The limits.
        reference: Of the day's version.
        remember: Keeps what was worked out, by `warnings_key`.
    """
    try:
        return remember(lambda: _draw(contract, reference))
    except (OSError, ValueError, ArithmeticError) as error:
        logger.warning("limits of %s were not checked: %s", contract.model, error)
        return {"unknown": [f"limits were not held against the noise: {error}"]}


def with_warnings(decision: Decision, warnings: Warnings) -> Decision:
    """Add to the reasons of a day that a limit it was held against means nothing.

    It changes no verdict. One sentence stands for all; the evidence has each of them.

    Args:
        decision: What the day means so far.
        warnings: What is to be said of the contract's limits.
    """
    if not any(warnings.values()):
        return decision
    below = warnings.get("below_noise", [])
    and_others = f" (and {len(below) - 1} more)" if len(below) > 1 else ""
    if below:
        text = f"{below[0]}{and_others}"
        decision = decision.with_reason(ReasonCode.LIMIT_BELOW_NOISE, text)
    return replace(decision, evidence={**decision.evidence, EVIDENCE: warnings})


def _draw(contract: Contract, reference: ReferenceProfile) -> Warnings:
    basis = limit_basis(contract, reference)
    alarms = promised_alarms(basis, contract, size=QUICK)
    return {
        "below_noise": refusals(basis, alarms),
        "never_told": undetectable(basis),
    }


def warnings_key(contract: Contract, reference: ReferenceProfile) -> str:
    """Return a text of all that the warnings follow from.

    Args:
        contract: The limits.
        reference: Of the day's version.
    """
    # The noise itself is in the key: a reference that was learnt anew is another one.
    # As Python writes it: quick to make for hundreds of numbers, and complete.
    parts = (reference.version, sorted(reference.noise.items()), QUICK)
    return f"{contract.model_dump_json()}{parts!r}"
