"""A number held against a limit: the interval rule, and what absence means."""

from math import isnan

from monitoring_tasks.domain.findings import Finding, Limit, Measurement, Verdict


def judge(
    measurement: Measurement, limit: Limit, *, min_rows: int, noun: str = "value"
) -> Finding:
    """Hold one number against a limit by the interval rule.

    `breach` when the whole interval lies past the limit, `ok` when the whole interval
    lies inside, else `inconclusive`. Without an interval the value is the interval.
    An advisory limit gives `warn` instead of `breach`. Too few rows, or no limit to
    hold it against, are `inconclusive`; no value, or not a number, is `no_data`.
    """
    unjudged = why_not_judged(measurement, limit, min_rows=min_rows, noun=noun)
    if unjudged is not None:
        return finding_of(measurement, *unjudged, limit)
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
        return finding_of(measurement, Verdict.INCONCLUSIVE, why, limit)
    return finding_of(measurement, Verdict.OK, f"{shown} lies within its limits", limit)


def why_not_judged(
    measurement: Measurement, limit: Limit, *, min_rows: int, noun: str
) -> tuple[Verdict, str] | None:
    """Say why a number cannot be judged at all; None when it can."""
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


def _past(measurement: Measurement, reason: str, limit: Limit) -> Finding:
    verdict = Verdict.WARN if limit.advisory else Verdict.BREACH
    return finding_of(measurement, verdict, f"{reason} ({limit.origin})", limit)


def finding_of(
    measurement: Measurement, verdict: Verdict, reason: str, limit: Limit
) -> Finding:
    """Put a number, its verdict and the limit together."""
    return Finding(measurement=measurement, verdict=verdict, reason=reason, limit=limit)
