"""Section `distributions`: the columns that moved, the most harmful first. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitoring_tasks.contract.attribution import ATTRIBUTION
from monitoring_tasks.domain.counts import ColumnCounts
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.profiles import DayProfile, merge
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.root_cause import PackFacts, Section
from monitoring_tasks.respond.root_cause.shares import Shift, shift_of

NAME = "distributions"
MOST_COLUMNS = 12
DRIFT_EFFECTS = "drift_effects"
"""Where the evidence of a decision keeps what the move of each column would cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """How far columns moved and what that means for performance, each in one unit.

    Attributes:
        basis: What an effect is, in words; empty where nothing tells any.
        by_column: Column -> its effect, >= 0; columns left out are of unknown effect.
        of_limit: Column -> its distance to the reference as a multiple of the limit,
            which knows how far healthy days stray; columns left out were not judged.
    """

    basis: str
    by_column: Mapping[str, float]
    of_limit: Mapping[str, float]


def distributions_section(facts: PackFacts) -> Section:
    """Return the distributions before and after, ranked by drift times effect.

    Args:
        facts: What is known of the day; counts of the bad days are added up.
    """
    day, model = facts.evaluation.day.isoformat(), facts.evaluation.model
    command = f"daywatch report {model} --day {day}"
    reference = facts.reference
    after = _after(facts)
    if reference is None or not after:
        return Section(name=NAME, command=command, missing=[_why_nothing(facts)])
    shifts, missing = _shifts(reference, after)
    effects = _effects(facts)
    asked = _attributions(facts.findings)
    if not asked:
        missing.append("attributions: `policy.attribution` does not ask for them")
    failed = {c.column for c in facts.evaluation.checks if c.status == "failed"}
    ranked = sorted(shifts, key=lambda name: _rank(name, shifts, effects, failed))
    if len(ranked) > MOST_COLUMNS:
        rest = ", ".join(ranked[MOST_COLUMNS:])
        missing.append(f"left out as they moved least: {rest}")
    shown = [
        _column(name, shifts[name], effects, _warnings(facts.findings, name))
        for name in ranked[:MOST_COLUMNS]
    ]
    return Section(
        name=NAME,
        command=command,
        data={
            "ranked_by": _ranking(effects, failed),
            "before": _span(reference),
            "after": _days(facts),
            "columns": shown,
            "attribution": asked,
        },
        missing=missing,
    )


def _after(facts: PackFacts) -> Mapping[str, ColumnCounts]:
    """Return the columns of the bad days; of a day not fit, those that look damaged."""
    profiles = _of_version(facts)
    counted = merge(profiles).columns if profiles else {}
    return {**counted, **facts.damaged}


def _of_version(facts: PackFacts) -> list[DayProfile]:
    if facts.reference is None or facts.damaged:
        return []
    version = facts.reference.version
    return [
        profile
        for profile in facts.bad_profiles()
        if profile.version == version and profile.segment == "all" and profile.rows
    ]


def _days(facts: PackFacts) -> JsonObject:
    days = {p.day.isoformat() for p in _of_version(facts)}
    return {"days": sorted(days) or [facts.evaluation.day.isoformat()]}


def _why_nothing(facts: PackFacts) -> str:
    if facts.reference is None:
        why = facts.unread.get("reference")
        return why or "the version that served has no reference to compare with"
    return facts.unread.get("rows") or "the day's rows were not counted"


def _shifts(
    reference: ReferenceProfile, after: Mapping[str, ColumnCounts]
) -> tuple[dict[str, Shift], list[str]]:
    shifts, missing = dict[str, Shift](), list[str]()
    for name, before in reference.profile.columns.items():
        if name not in after:
            continue
        shift = shift_of(before, after[name], reference.bins.get(name))
        if isinstance(shift, str):
            missing.append(f"{name}: {shift}")
        else:
            shifts[name] = shift
    return shifts, missing


def _effects(facts: PackFacts) -> Effects:
    """Return the best the store holds of what a column's move costs."""
    of_limit = _of_limit(facts.findings)
    losses = {
        effect["column"]: max(effect["loss"], 0.0)
        for effect in facts.evaluation.evidence.get(DRIFT_EFFECTS, ())
        if effect["loss"] is not None
    }
    if losses:
        basis = "the loss its move alone predicts"
        return Effects(basis=basis, by_column=losses, of_limit=of_limit)
    served = facts.versions[0] if facts.versions else None
    weights = dict(served.run.weights) if served and served.run else {}
    for source, by_feature in weights.items():
        total = sum(abs(weight) for weight in by_feature.values())
        if total:
            shares = {name: abs(w) / total for name, w in by_feature.items()}
            basis = f"its share of {source}"
            return Effects(basis=basis, by_column=shares, of_limit=of_limit)
    return Effects(basis="", by_column={}, of_limit=of_limit)


def _of_limit(findings: Sequence[Finding]) -> dict[str, float]:
    """Return the largest distance of each column, as a multiple of its limit."""
    multiples: dict[str, float] = {}
    for finding in findings:
        number, limit = finding.measurement, finding.limit
        is_drift = number.kind is Kind.DRIFT and number.segment == "all"
        if not is_drift or number.value is None or limit is None or not limit.high:
            continue
        multiple = number.value / limit.high
        multiples[number.column] = max(multiples.get(number.column, 0.0), multiple)
    return multiples


def _rank(
    name: str, shifts: Mapping[str, Shift], effects: Effects, failed: set[str]
) -> tuple[bool, int, float, float, str]:
    """Return the sort key of a column; the smallest comes first."""
    index, effect = shifts[name].index, effects.by_column.get(name)
    # What was not judged comes last: nobody knows how far healthy days stray.
    drift = effects.of_limit.get(name, 0.0) if effects.of_limit else index
    # As in the sentences of the day: unknown goes before surely harmless.
    group = 1 if effect is None else (0 if effect > 0 else 2)
    weight = drift * effect if effect else drift
    return name not in failed, group, -weight, -index, name


def _ranking(effects: Effects, failed: set[str]) -> str:
    first = "columns of failed checks first; then " if failed else ""
    drift = (
        "the distance to the reference as a multiple of its limit"
        if effects.of_limit
        else "the population stability index"
    )
    if not effects.basis:
        return f"{first}{drift} alone: nothing tells what a move costs"
    return (
        f"{first}{drift}, times {effects.basis}; columns of unknown effect after those"
    )


def _column(
    name: str, shift: Shift, effects: Effects, warnings: list[str]
) -> JsonObject:
    return {
        "column": name,
        "index": shift.index,
        "of_limit": effects.of_limit.get(name),
        "effect": effects.by_column.get(name),
        "nulls_before": shift.nulls[0],
        "nulls_after": shift.nulls[1],
        "parts": shift.parts,
        "judged": warnings,
    }


def _warnings(findings: Sequence[Finding], name: str) -> list[str]:
    return [
        finding.reason
        for finding in findings
        if finding.measurement.kind is Kind.DRIFT
        and finding.measurement.column == name
        and finding.measurement.segment == "all"
        and finding.verdict is Verdict.WARN
    ]


def _attributions(findings: Sequence[Finding]) -> list[str]:
    """Return what was said of which inputs the scores hang on, where that was asked."""
    return [f.reason for f in findings if f.measurement.metric == ATTRIBUTION]


def _span(reference: ReferenceProfile) -> JsonObject:
    return {
        "what": f"reference of version {reference.version}",
        "first_day": reference.first_day.isoformat(),
        "last_day": reference.last_day.isoformat(),
        "rows": reference.profile.rows,
    }
