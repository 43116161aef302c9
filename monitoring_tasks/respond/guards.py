"""What must hold before an alias may move. Pure; every answer is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.evaluations import Comparison
from monitoring_tasks.domain.rollbacks import Guard
from monitoring_tasks.domain.windows import day_of

EVIDENCE_GUARDS = frozenset(
    {"breach_confirmed", "cause_is_model", "better_on_same_rows", "target_good_enough"}
)
"""What a person may overrule with a reason. The others hold for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """What the registry says of the version to put back.

    Attributes:
        exists: Whether the version is registered.
        is_ready: Whether the registry calls it ready.
        signature: Digest of its input schema; empty when it has none.
        loaded: Whether it was loaded and scored rows just now.
        load_reason: Why not, if not.
    """

    exists: bool
    is_ready: bool = False
    signature: str = ""
    loaded: bool = False
    load_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known when a move is considered.

    Attributes:
        contract: The model's contract.
        judged_version: The version that was judged; the alias must still be there.
        alias_version: Where the alias stands now.
        live_signature: Digest of the live version's input schema.
        target: What the registry says of the target.
        confirmed: Whether the breach is confirmed.
        cause: Name of the cause.
        comparison: The target against the live version on the same rows.
        last_move: Journal line of the last move applied to this alias.
        now: The present instant.
    """

    contract: Contract
    judged_version: str
    alias_version: str | None
    live_signature: str
    target: TargetFacts
    confirmed: bool
    cause: str | None
    comparison: Comparison | None
    last_move: Mapping[str, Any] | None
    now: datetime


def check_guards(evidence: Evidence, to_version: str) -> list[Guard]:
    """Check every guard; none is skipped because another failed."""
    return [
        *_registry_guards(evidence, to_version),
        *_evidence_guards(evidence),
        _cool_down(evidence, to_version),
    ]


def _registry_guards(evidence: Evidence, to_version: str) -> list[Guard]:
    target = evidence.target
    same = bool(target.signature) and target.signature == evidence.live_signature
    return [
        Guard(
            name="alias_unchanged",
            passed=evidence.alias_version == evidence.judged_version,
            seen=f"alias at version {evidence.alias_version or 'none'}",
            needed=f"version {evidence.judged_version}, the one that was judged",
        ),
        Guard(
            name="target_differs",
            passed=to_version != evidence.alias_version,
            seen=f"target version {to_version}",
            needed="another version than the live one",
        ),
        Guard(
            name="target_ready",
            passed=target.exists and target.is_ready,
            seen="ready" if target.is_ready else "absent or not ready",
            needed="registered and ready",
        ),
        Guard(
            name="target_loads",
            passed=target.loaded,
            seen="loaded and scored rows" if target.loaded else target.load_reason,
            needed="loads and scores the latest rows",
        ),
        Guard(
            name="same_signature",
            passed=same,
            seen="the same" if same else "another input schema, or none recorded",
            needed="the live version's input schema",
        ),
    ]


def _evidence_guards(evidence: Evidence) -> list[Guard]:
    comparison = evidence.comparison
    margin = evidence.contract.policy.versions.margin
    is_better = comparison is not None and comparison.is_better_by(margin)
    seen = "not measured"
    if comparison is not None and comparison.gain is not None:
        seen = (
            f"gain {comparison.gain:.4f} [{comparison.lower:.4f}, "
            f"{comparison.upper:.4f}] {comparison.metric} on {comparison.rows} rows"
        )
    elif comparison is not None and comparison.reason:
        seen = comparison.reason
    return [
        Guard(
            name="breach_confirmed",
            passed=evidence.confirmed,
            seen="confirmed" if evidence.confirmed else "not confirmed",
            needed="a confirmed breach",
        ),
        Guard(
            name="cause_is_model",
            passed=evidence.cause == "model",
            seen=evidence.cause or "no cause",
            needed="model",
        ),
        Guard(
            name="better_on_same_rows",
            passed=is_better,
            seen=seen,
            needed=f"the whole interval of the gain above {margin:g}",
        ),
        Guard(
            name="target_good_enough",
            passed=comparison is not None
            and comparison.keeps(evidence.contract.objectives),
            seen="not measured"
            if comparison is None or comparison.other is None
            else f"{comparison.metric} {comparison.other:.3f} on those rows",
            needed="more skill than chance, and what the contract promises",
        ),
    ]


def _cool_down(evidence: Evidence, to_version: str) -> Guard:
    """Keep Daywatch from moving an alias back and forth."""
    wait = evidence.contract.policy.cool_down_days
    last = evidence.last_move
    if last is None:
        return Guard(
            name="cool_down", passed=True, seen="never moved by Daywatch", needed=""
        )
    zone = evidence.contract.timezone
    days = (day_of(evidence.now, zone) - day_of(last["at"], zone)).days
    returns = last["from_version"] == to_version
    return Guard(
        name="cool_down",
        passed=days >= wait,
        seen=f"moved {days} days ago"
        + (f", away from version {to_version}" if returns else ""),
        needed=f"{wait} days since the last move",
    )
