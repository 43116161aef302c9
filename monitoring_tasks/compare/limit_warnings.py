"""Limits below the noise, said on the day itself: worked out once, then remembered."""

import hashlib
import json
import logging
from dataclasses import asdict, replace
from pathlib import Path

from monitoring_tasks.compare.limit_checks import QUICK, hopeless, promised, refusals
from monitoring_tasks.compare.monitored_metrics import grounds_before_days
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.disk import keep_if_allowed
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
EVIDENCE = "limits"
"""Under what name a decision keeps what is to be said of the contract's limits."""
Warnings = dict[str, list[str]]
"""`below_noise`: limits that healthy days cross too often; `never_told`: losses that no
horizon can tell from chance; `unknown`: why neither could be worked out."""


def with_limit_warnings(space: Workspace, unit: Unit, decision: Decision) -> Decision:
    """Add to the reasons of a day that a limit it was held against means nothing.

    What is said follows from the contract and the reference of the day's version alone,
    so that every look at the day says the same. The first one draws years of healthy
    days (about a second an objective); what came of it is kept in the workspace's
    cache. It changes no verdict, and nothing that goes wrong with it stops a day: that
    is logged and kept beside it.
    """
    version = space.results.evaluation(unit).version
    reference = space.reference(unit.model, version) if version else None
    if reference is None:
        return decision
    contract = space.contract(unit.model)
    try:
        found = _kept_or_drawn(space, contract, reference)
    except (OSError, ValueError, ArithmeticError) as error:
        logger.warning("limits of %s were not checked: %s", unit.model, error)
        found = {"unknown": [f"limits were not held against the noise: {error}"]}
    if not any(found.values()):
        return decision
    below = found.get("below_noise", [])
    more = f" (and {len(below) - 1} more)" if len(below) > 1 else ""
    if below:
        text = f"{below[0]}{more}"
        decision = decision.with_reason(ReasonCode.LIMIT_BELOW_NOISE, text)
    return replace(decision, evidence={**decision.evidence, EVIDENCE: found})


def _kept_or_drawn(
    space: Workspace, contract: Contract, reference: ReferenceProfile
) -> Warnings:
    path = _kept_at(space, contract, reference)
    if path.is_file():
        kept: Warnings = json.loads(path.read_text(encoding="utf-8"))
        return kept
    grounds = grounds_before_days(space, contract, reference)
    found = {
        "below_noise": refusals(grounds, promised(grounds, contract, size=QUICK)),
        "never_told": hopeless(grounds),
    }
    keep_if_allowed(path, json.dumps(found))
    return found


def _kept_at(space: Workspace, contract: Contract, reference: ReferenceProfile) -> Path:
    """Name the file by all that its content follows from."""
    noise = {name: asdict(one) for name, one in sorted(reference.noise.items())}
    text = json.dumps([reference.version, noise, asdict(QUICK)], default=str)
    digest = hashlib.sha256(f"{contract.model_dump_json()}{text}".encode()).hexdigest()
    return space.settings.home / "cache" / "limits" / f"{contract.model}-{digest}.json"
