"""A number held against a limit: the interval rule, and what absence means."""

from math import inf, isfinite, isinf, isnan
from statistics import NormalDist

from monitoring_tasks.compare.promise_p_value import p_value_past
from monitoring_tasks.domain.findings import Finding, Limit, Measurement, Verdict
from monitoring_tasks.domain.reasons import ReasonCode


def judge(
    measurement: Measurement, limit: Limit, *, min_rows: int, noun: str = "value"
) -> Finding:
    """Hold one number against a limit by the interval rule.

    `breach` when the whole interval lies past the limit, `ok` when the whole interval
    lies inside, else `inconclusive`. Without an interval the value is the interval.
    An advisory limit gives `warn` instead of `breach`, and `ok` where the interval
    reaches over it; where it has no end there nobody knows (`inconclusive`). Too few
    rows, or no limit to hold it against, are `inconclusive`; no value, or none that is
    a finite number, is `no_data`.

    Args:
        measurement: The number.
        limit: Where it may lie.
        min_rows: Fewer rows are not judged.
        noun: What the number is called in a reason.
    """
    unjudged = why_not_judged(measurement, limit, min_rows=min_rows, noun=noun)
    if unjudged is not None:
        verdict, why, code = unjudged
        return finding_of(measurement, verdict, why, limit, code=code)
    # `why_not_judged` has ruled out that there is no value.
    value = measurement.value or 0.0
    lower = value if measurement.lower is None else measurement.lower
    upper = value if measurement.upper is None else measurement.upper
    shown = f"{value:.3f} [{lower:.3f}, {upper:.3f}]"
    if limit.low is not None and upper < limit.low:
        return _past(measurement, f"{shown} lies below {limit.low:.3f}", limit)
    if limit.high is not None and lower > limit.high:
        return _past(measurement, f"{shown} lies above {limit.high:.3f}", limit)
    for edge, end in _crossed(lower, upper, limit):
        # Only a whole interval passes an advisory limit; reaching over it is `ok`.
        if isinf(end) or not limit.advisory:
            why = f"{shown} straddles the limit {edge:.3f}"
            return finding_of(measurement, Verdict.INCONCLUSIVE, why, limit)
    return finding_of(measurement, Verdict.OK, f"{shown} lies within its limits", limit)


def _crossed(lower: float, upper: float, limit: Limit) -> list[tuple[float, float]]:
    """Return the limits that an interval reaches over, each with the end beyond it."""
    crossed = []
    if limit.low is not None and lower < limit.low:
        crossed.append((limit.low, lower))
    if limit.high is not None and upper > limit.high:
        crossed.append((limit.high, upper))
    return crossed


def why_not_judged(
    measurement: Measurement, limit: Limit, *, min_rows: int, noun: str
) -> tuple[Verdict, str, ReasonCode] | None:
    """Say why a number cannot be judged at all; None when it can.

    An interval may go on without end below or above its value; one that begins at
    infinity is none.

    Args:
        measurement: The number.
        limit: Where it may lie.
        min_rows: Fewer rows are not judged.
        noun: What the number is called in the reason.

    Returns:
        The verdict on such a number, a sentence, and its code.
    """
    value = measurement.value
    if value is None:
        why = measurement.reason or "it was not measured"
        return Verdict.NO_DATA, f"no {noun}: {why}", ReasonCode.NOT_MEASURED
    lower, upper = measurement.lower, measurement.upper
    if any(end is not None and isnan(end) for end in (value, lower, upper)):
        why = f"no {noun}: what was measured is not a number"
        return Verdict.NO_DATA, why, ReasonCode.NOT_FINITE
    if isinf(value) or lower == inf or upper == -inf:
        why = f"no {noun}: what was measured is not finite"
        return Verdict.NO_DATA, why, ReasonCode.NOT_FINITE
    if measurement.rows < min_rows:
        why = f"{measurement.rows} rows are fewer than the {min_rows} needed to judge"
        return Verdict.INCONCLUSIVE, why, ReasonCode.TOO_FEW_ROWS
    if limit.low is None and limit.high is None:
        why = limit.origin or "there is no limit to hold it against"
        return Verdict.INCONCLUSIVE, why, ReasonCode.NO_LIMIT
    return None


def p_value_against(
    measurement: Measurement, limit: Limit, *, confidence: float
) -> float | None:
    """Return the p-value of a number against a promised limit; None if none is known.

    The probability of a number at least so far past the limit, if the truth lay on it:
    normal, with the standard error from the half of the interval that faces the limit,
    half-width / z. So it lies below (1 - confidence) / 2 just where the interval rule
    says `breach`. Of two limits the nearer one counts, and the tail past the other is
    added: the largest probability of any truth between them.

    When it lies: intervals that are not normal far out (rates of few rows, gaps, whose
    lower end holds all pairs at once); rows in clusters, whose intervals are too
    narrow. Without an interval there is no test.

    Args:
        measurement: The number.
        limit: What was promised: at least one side.
        confidence: Level of its interval, 0..1.
    """
    value, lower, upper = measurement.value, measurement.lower, measurement.upper
    if value is None or not isfinite(value) or lower is None or upper is None:
        return None
    # So p lies below (1 - confidence) / 2 just where the interval rule says `breach`.
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    sides = []
    if limit.low is not None:
        sides.append((limit.low - value, (upper - value) / z))
    if limit.high is not None:
        sides.append((value - limit.high, (value - lower) / z))
    width = inf
    if limit.low is not None and limit.high is not None:
        width = limit.high - limit.low
    p_values = [float(p_value_past(p, error, width=width)) for p, error in sides]
    return min(p_values, default=None)


def _past(measurement: Measurement, reason: str, limit: Limit) -> Finding:
    verdict = Verdict.WARN if limit.advisory else Verdict.BREACH
    return finding_of(measurement, verdict, f"{reason} ({limit.origin})", limit)


def finding_of(
    measurement: Measurement,
    verdict: Verdict,
    reason: str,
    limit: Limit,
    *,
    code: ReasonCode | None = None,
) -> Finding:
    """Put a number, its verdict and the limit together.

    Args:
        measurement: The number.
        verdict: What is thought of it.
        reason: Why, in one sentence.
        limit: What it was held against.
        code: What the reason is; None for the usual one of the verdict.
    """
    return Finding(
        measurement=measurement,
        verdict=verdict,
        reason=reason,
        limit=limit,
        reason_code=code,
    )
