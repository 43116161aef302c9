"""Columns that moved, those first whose move would cost most by itself. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from monitoring_tasks.contract.attribution import ATTRIBUTION
from monitoring_tasks.domain.findings import Finding, Kind
from monitoring_tasks.domain.incident_context import ColumnEffect

EVIDENCE = "drift_effects"
"""Under what name a decision keeps the effects."""
MOST_RATIO = 1000.0
"""A distance further beyond its limit than that is as far as any other."""
Effects = Sequence[ColumnEffect]


def rank_of(finding: Finding, effects: Effects) -> tuple[int, float, float, str]:
    """Return the place of a finding of drift among others; the smallest comes first.

    Columns whose move surely costs something, the dearest first; then those of which
    nobody knows; then those that are predicted to be harmless. Among the last two the
    one furthest beyond its limit comes first, names settle the rest.
    """
    number = finding.measurement
    name = number.column or number.metric
    found = effect_of(finding, effects)
    ratio = limit_ratio(finding) or 0.0
    if found is not None and found.hurts:
        return 0, -(found.loss or 0.0), -ratio, name
    is_harmless = found is not None and found.is_harmless
    return (2 if is_harmless else 1), 0.0, -ratio, name


def effect_of(finding: Finding, effects: Effects) -> ColumnEffect | None:
    """Find what the move of a finding's column would cost; None if nobody asked."""
    number = finding.measurement
    if number.kind is not Kind.DRIFT or not number.column:
        return None
    about = (number.version, number.column)
    return next((e for e in effects if (e.version, e.column) == about), None)


def names_of(findings: Sequence[Finding], effects: Effects) -> list[str]:
    """Name the columns of findings of drift in their order, each once."""
    ranked = sorted(findings, key=lambda finding: rank_of(finding, effects))
    names = (f.measurement.column or f.measurement.metric for f in ranked)
    return list(dict.fromkeys(names))


def sentence_of(effect: ColumnEffect) -> str:
    """Say what a move would cost by itself, and if nobody knows that.

    >>> sentence_of(ColumnEffect(version="1", column="a", metric="f1", reason="few"))
    'the effect of its shift alone is unknown: few'
    """
    if effect.loss is None or effect.lower is None or effect.upper is None:
        return f"the effect of its shift alone is unknown: {effect.reason}"
    span = f"{effect.loss:.3g} [{effect.lower:.3g}, {effect.upper:.3g}]"
    better = f"{-effect.loss:.3g} [{-effect.upper:.3g}, {-effect.lower:.3g}]"
    but = f" ({effect.reason})" if effect.reason else ""
    if effect.hurts:
        return f"its shift alone should worsen {effect.metric} by {span}{but}"
    if effect.is_harmless and effect.upper < 0:
        return f"its shift alone should improve {effect.metric} by {better}"
    if effect.is_harmless:
        change = f"loss of {span}, below 0 is a gain"
        return f"its shift alone should not worsen {effect.metric} ({change})"
    return f"the effect of its shift alone is unknown: {effect.reason}"


def summary_of(findings: Sequence[Finding], effects: Effects) -> str:
    """Name the columns that moved, the dearest first, and what that one would cost."""
    ranked = sorted(findings, key=lambda finding: rank_of(finding, effects))
    named = ", ".join(names_of(findings, effects))
    known = [found for f in ranked if (found := effect_of(f, effects)) is not None]
    if known and known[0].hurts:
        dearest = known[0]
        return (
            f"{named}; {dearest.column} alone should worsen {dearest.metric} by "
            f"{dearest.loss:.3g}"
        )
    if known and len(known) == len(ranked) and all(e.is_harmless for e in known):
        return f"{named}; none of them alone should worsen {known[0].metric}"
    return named


def limit_ratio(finding: Finding) -> float | None:
    """Return value over upper limit, at most `MOST_RATIO`; None without either.

    Of an order that is kept (1.0 at best) both are counted from 1 downwards.
    """
    value, span = finding.measurement.value, finding.limit
    if value is None or span is None:
        return None
    high = span.high
    if finding.measurement.metric == ATTRIBUTION and span.low is not None:
        value, high = 1 - value, 1 - span.low
    if high is None:
        return None
    if high == 0:
        return MOST_RATIO if value > 0 else 0.0
    return min(value / high, MOST_RATIO)


def as_evidence(effects: Effects) -> dict[str, Any]:
    """Return effects as plain JSON under their name; nothing where nobody asked."""
    return {EVIDENCE: [asdict(effect) for effect in effects]} if effects else {}


def from_evidence(evidence: Mapping[str, Any] | None) -> tuple[ColumnEffect, ...]:
    """Read effects back from the evidence of a decision."""
    return tuple(ColumnEffect(**plain) for plain in (evidence or {}).get(EVIDENCE, ()))
