"""Numbers held against their limits: the interval rule, and what absence means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan

from monitoring_tasks.compare.thresholds import drift_limit, objective_limit
from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.findings import (
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.policies import Objective
from monitoring_tasks.domain.profiles import ReferenceProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class DayContext:
    """What the numbers of a day are judged in the light of.

    Attributes:
        day: The calendar day.
        contract: The model's contract.
        references: Reference profile by version; a version may lack one.
        label_coverage: Share of the day's rows whose label is known, by version.
    """

    day: date
    contract: Contract
    references: Mapping[str, ReferenceProfile]
    label_coverage: Mapping[str, float]


def judge_day(
    measurements: Sequence[Measurement], context: DayContext
) -> list[Finding]:
    """Judge every number that an objective or the drift policy speaks of.

    An objective whose number was not measured is a `no_data` finding of its own, so
    that a metric which failed to compute cannot drop out of the verdict.
    """
    versions = sorted({m.version for m in measurements})
    findings = [
        _judge_objective(objective, version, measurements, context)
        for objective in context.contract.objectives
        for version in versions
    ]
    drifts = [m for m in measurements if _is_watched_drift(m, context.contract)]
    return findings + [_judge_drift(m, context) for m in drifts]


def judge(
    measurement: Measurement, limit: Limit, *, min_rows: int, noun: str = "value"
) -> Finding:
    """Hold one number against a limit by the interval rule.

    `breach` when the whole interval lies past the limit, `ok` when the whole interval
    lies inside, else `inconclusive`. Without an interval the value is the interval.
    An advisory limit gives `warn` instead of `breach`. Too few rows, or no limit to
    hold it against, are `inconclusive`; no value, or not a number, is `no_data`.
    """
    unjudged = _why_not_judged(measurement, limit, min_rows=min_rows, noun=noun)
    if unjudged is not None:
        return _finding(measurement, *unjudged, limit)
    value = measurement.value or 0.0
    lower = value if measurement.lower is None else measurement.lower
    upper = value if measurement.upper is None else measurement.upper
    shown = f"{value:.3f} [{lower:.3f}, {upper:.3f}]"
    if limit.low is not None and upper < limit.low:
        return _past(measurement, f"{shown} lies below {limit.low:.3f}", limit)
    if limit.high is not None and lower > limit.high:
        return _past(measurement, f"{shown} lies above {limit.high:.3f}", limit)
    straddles = (limit.low is not None and lower < limit.low) or (
        limit.high is not None and upper > limit.high
    )
    if straddles and not limit.advisory:
        edge = limit.low if limit.low is not None and lower < limit.low else limit.high
        why = f"{shown} straddles the limit {edge:.3f}"
        return _finding(measurement, Verdict.INCONCLUSIVE, why, limit)
    return _finding(measurement, Verdict.OK, f"{shown} lies within its limits", limit)


def _why_not_judged(
    measurement: Measurement, limit: Limit, *, min_rows: int, noun: str
) -> tuple[Verdict, str] | None:
    value = measurement.value
    if value is None:
        why = measurement.reason or "it was not measured"
        return Verdict.NO_DATA, f"no {noun}: {why}"
    ends = (value, measurement.lower, measurement.upper)
    if any(end is not None and isnan(end) for end in ends):
        return Verdict.NO_DATA, f"no {noun}: what was measured is not a number"
    if measurement.rows < min_rows:
        why = f"{measurement.rows} rows are fewer than the {min_rows} needed to judge"
        return Verdict.INCONCLUSIVE, why
    if limit.low is None and limit.high is None:
        why = limit.origin or "there is no limit to hold it against"
        return Verdict.INCONCLUSIVE, why
    return None


def _judge_objective(
    objective: Objective,
    version: str,
    measurements: Sequence[Measurement],
    context: DayContext,
) -> Finding:
    number = next(
        (
            m
            for m in measurements
            if m.kind == objective.source
            and m.metric == objective.metric
            and m.column == objective.column
            and m.segment == objective.segment
            and m.version == version
        ),
        None,
    )
    if number is None:
        number = Measurement(
            kind=Kind(objective.source),
            metric=objective.metric,
            column=objective.column,
            segment=objective.segment,
            version=version,
            reason="the estimate step did not produce it",
        )
    policy = context.contract.policy
    limit = objective_limit(objective, number, context.references.get(version))
    if limit.low is None and limit.high is None:
        why = "the reference has too few days to learn a limit from"
        return _finding(number, Verdict.INCONCLUSIVE, why, limit)
    coverage = context.label_coverage.get(version, 0.0)
    if number.kind is Kind.REALIZED and coverage < policy.label_coverage:
        why = (
            f"labels are known for {coverage:.0%} of the rows, "
            f"{policy.label_coverage:.0%} are needed"
        )
        return _finding(number, Verdict.IMMATURE, why, limit)
    return judge(number, limit, min_rows=policy.min_rows, noun=objective.metric)


def _is_watched_drift(measurement: Measurement, contract: Contract) -> bool:
    """Whether the policy judges this distance; calendar columns drift by nature."""
    if measurement.kind is not Kind.DRIFT or measurement.segment != "all":
        return False
    columns, policy = contract.columns, contract.policy.drift
    if measurement.metric == "reconstruction_error":
        return True
    if measurement.column in columns.categorical:
        return measurement.metric == policy.categorical
    watched = (*columns.continuous, *columns.scores)
    return measurement.column in watched and measurement.metric == policy.continuous


def _judge_drift(measurement: Measurement, context: DayContext) -> Finding:
    policy = context.contract.policy
    reference = context.references.get(measurement.version)
    limit = drift_limit(policy.drift, measurement, reference)
    return judge(measurement, limit, min_rows=policy.min_rows, noun=measurement.metric)


def _past(measurement: Measurement, reason: str, limit: Limit) -> Finding:
    verdict = Verdict.WARN if limit.advisory else Verdict.BREACH
    return _finding(measurement, verdict, f"{reason} ({limit.origin})", limit)


def _finding(
    measurement: Measurement, verdict: Verdict, reason: str, limit: Limit
) -> Finding:
    return Finding(measurement=measurement, verdict=verdict, reason=reason, limit=limit)
