"""Drifted columns, the most costly first. Pure."""

from collections.abc import Sequence
from dataclasses import asdict

from monitoring_tasks.contract.attribution import ATTRIBUTION
from monitoring_tasks.domain.findings import Finding, Kind, Measurement
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.rows.names import ALL

EVIDENCE = "drift_effects"
"""Under what name a decision keeps the effects."""
MOST_RATIO = 1000.0
"""Ratios are capped here: beyond, further is no worse."""
Effects = Sequence[ColumnEffect]
"""What the move of each column would cost by itself."""


def rank_of(finding: Finding, effects: Effects) -> tuple[int, float, float, str]:
    """Return the sort key of a finding of drift; the smallest comes first.

    Columns whose move surely costs something, the most costly first; then those of
    unknown effect; then those predicted to be harmless. Within the last two groups the
    one furthest beyond its limit comes first; names break ties.
    """
    number = finding.measurement
    name = number.column or number.metric
    effect = effect_of(finding, effects)
    ratio = limit_ratio(finding) or 0.0
    if effect is not None and effect.hurts:
        return 0, -(effect.loss or 0.0), -ratio, name
    is_harmless = effect is not None and effect.is_harmless
    return (2 if is_harmless else 1), 0.0, -ratio, name


def effect_of(finding: Finding, effects: Effects) -> ColumnEffect | None:
    """Return what the move of a finding's column would cost; None if not estimated.

    Args:
        finding: Any finding; only drift of one column has an effect.
        effects: What the move of each column would cost by itself.
    """
    number = finding.measurement
    if number.kind is not Kind.DRIFT or not number.column:
        return None
    key = (number.version, number.column)
    return next((e for e in effects if (e.version, e.column) == key), None)


def names_of(findings: Sequence[Finding], effects: Effects) -> list[str]:
    """Return the columns of findings of drift, the most costly first, each once."""
    ranked = _ranked(findings, effects)
    return list(dict.fromkeys(_name_of(f.measurement) for f in ranked))


def _ranked(findings: Sequence[Finding], effects: Effects) -> list[Finding]:
    return sorted(findings, key=lambda finding: rank_of(finding, effects))


def _name_of(number: Measurement) -> str:
    name = number.column or number.metric
    return name if number.segment == ALL else f"{name} where {number.segment}"


def sentence_of(effect: ColumnEffect) -> str:
    """Return what the move of a column would cost by itself, as a sentence.

    >>> sentence_of(ColumnEffect(version="1", column="a", metric="f1", reason="few"))
    'the effect of its shift alone is unknown: few'
    """
    if effect.loss is None or effect.lower is None or effect.upper is None:
        return f"the effect of its shift alone is unknown: {effect.reason}"
    span = f"{effect.loss:.3g} [{effect.lower:.3g}, {effect.upper:.3g}]"
    # A negative loss is read as a gain, with its ends turned round.
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
    """Return the columns that moved, the most costly first, with what it would cost."""
    ranked = _ranked(findings, effects)
    named = ", ".join(names_of(findings, effects))
    estimated = [effect for f in ranked if (effect := effect_of(f, effects))]
    if estimated and estimated[0].hurts:
        dearest = estimated[0]
        return (
            f"{named}; {dearest.column} alone should worsen {dearest.metric} by "
            f"{dearest.loss:.3g}"
        )
    # One column of unknown effect is enough to promise nothing about the rest.
    is_all = len(estimated) == len(ranked)
    if estimated and is_all and all(effect.is_harmless for effect in estimated):
        return f"{named}; none of them alone should worsen {estimated[0].metric}"
    return named


def limit_ratio(finding: Finding) -> float | None:
    """Return how far a number lies, in its limits, at most `MOST_RATIO`.

    Of a number that is best at 0 the value over its upper limit; of one with a lower
    limit the distance from the usual value over that of the limit on its side.

    Returns:
        Above 1 past a limit; None where the number or the limit is not known.
    """
    value, span = finding.measurement.value, finding.limit
    if value is None or span is None:
        return None
    has_usual = {Kind.OUTPUT, Kind.TOO_GOOD, Kind.SEGMENT}
    is_best_at_zero = finding.measurement.kind not in has_usual
    usual, edge = (0.0 if is_best_at_zero else span.reference or 0.0), span.high
    if span.low is not None:
        # Rank agreement of attributions is best at 1.0, whatever is usual.
        is_agreement = finding.measurement.metric == ATTRIBUTION
        middle = 1.0 if is_agreement else span.reference
        if middle is None:
            return None
        is_below = value < middle or span.high is None
        usual, edge = middle, (span.low if is_below else span.high)
    if edge is None:
        return None
    if edge == usual:
        return MOST_RATIO if value != usual else 0.0
    return max(min((value - usual) / (edge - usual), MOST_RATIO), 0.0)


def as_evidence(effects: Effects) -> JsonObject:
    """Return effects as plain JSON under `EVIDENCE`; empty where none was estimated."""
    return {EVIDENCE: [asdict(effect) for effect in effects]} if effects else {}


def from_evidence(evidence: JsonObject | None) -> tuple[ColumnEffect, ...]:
    """Return the effects kept in the evidence of a decision."""
    return tuple(ColumnEffect(**plain) for plain in (evidence or {}).get(EVIDENCE, ()))
