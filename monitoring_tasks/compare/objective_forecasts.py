"""Does a promised number head for its limit? One finding before the breach."""

from collections.abc import Sequence
from datetime import date, timedelta
from zlib import crc32

from monitoring_tasks.compare.crossing_forecast import Forecast, Point, forecast
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.interval_rule import finding_of
from monitoring_tasks.compare.thresholds import (
    expected_value,
    noise_of,
    span_of_loss,
)
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.findings import (
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.metrics import metric_of, needs_labels
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber


def judge_forecasts(
    numbers: Sequence[DatedNumber], context: DayContext
) -> list[Finding]:
    """Say of each objective when it will break, if it goes on as it did.

    `warn` where the line through the days surely leads past the limit, the crossing is
    near and its interval ends within as many days as were looked at; else `ok`.
    Nothing is said with too few valid days whose number can be weighed, nor of a
    number without a reference, whose movement from day to day is not known.

    Args:
        numbers: Numbers of the last days, the day itself included.
        context: The day.

    Returns:
        Findings of kind `forecast` named after the number; an estimate is
        `estimated_<metric>`, for the realized number of that name has its own.
    """
    policy = context.contract.policy
    versions = sorted({number.measurement.version for number in numbers})
    since = context.day - timedelta(days=policy.forecast.window_days)
    recent = [number for number in numbers if number.day > since]
    findings = []
    for objective in context.contract.objectives:
        for version in versions:
            days = _valid_days(recent, objective, version, context)
            # Without a number of today the forecast would be that of an earlier day.
            if not days or days[-1].day != context.day:
                continue
            number = days[-1].measurement
            noise = noise_of(number, context.references.get(version), policy)
            if noise is None:
                continue
            points = [_point(day, noise, policy.confidence) for day in days]
            if sum(p.is_usable for p in points) >= policy.forecast.min_points:
                findings.append(
                    _look_ahead(
                        objective, number, points, mean=noise.mean, context=context
                    )
                )
    return findings


def _valid_days(
    numbers: Sequence[DatedNumber],
    objective: Objective,
    version: str,
    context: DayContext,
) -> list[DatedNumber]:
    """Return the days of a version on which the objective's number can be believed.

    Enough rows, not excluded by the contract, and where the number is taken from
    labels, enough of those; oldest first.
    """
    policy = context.contract.policy
    kind = Kind(objective.source)
    who = (kind, objective.metric, objective.column, objective.segment, version)
    is_waiting = needs_labels(kind, objective.metric)
    valid = [
        number
        for number in numbers
        if number.measurement.key[:-1] == who
        and number.measurement.value is not None
        and number.measurement.rows >= policy.min_rows
        and (not is_waiting or number.is_mature(policy.label_coverage))
        and number.day not in policy.excluded_days
    ]
    return sorted(valid, key=lambda number: number.day)


def _look_ahead(
    objective: Objective,
    number: Measurement,
    points: Sequence[Point],
    *,
    mean: float,
    context: DayContext,
) -> Finding:
    policy = context.contract.policy
    ahead = forecast(
        points,
        _broken_from(objective, mean),
        within_days=policy.forecast.horizon_days,
        min_points=policy.forecast.min_points,
        confidence=policy.confidence,
        replicates=policy.forecast.replicates,
        seed=_seed(context.contract.model, number, context.day),
    )
    shown = Measurement(
        kind=Kind.FORECAST,
        metric=_name(number),
        column=number.column,
        segment=number.segment,
        version=number.version,
        value=ahead.days,
        lower=ahead.lower,
        upper=ahead.upper,
        rows=number.rows,
        reason=ahead.reason,
    )
    near = policy.forecast.horizon_days
    limit = Limit(low=near, origin="days ahead at which it warns", advisory=True)
    is_told = _is_near(ahead, near, at_latest=policy.forecast.window_days)
    verdict = Verdict.WARN if is_told else Verdict.OK
    return finding_of(shown, verdict, _sentence(ahead), limit)


def _name(number: Measurement) -> str:
    """Name a forecast so that estimated and realized are two."""
    is_guess = number.kind is Kind.ESTIMATED
    return f"{Kind.ESTIMATED}_{number.metric}" if is_guess else number.metric


def _is_near(ahead: Forecast, days: int, *, at_latest: int) -> bool:
    """Say whether a crossing is expected within so many days and is not far off.

    One that may as well come months later than anybody looked back is an
    extrapolation: nobody is told of it.
    """
    if ahead.days is None or ahead.upper is None:
        return False
    return ahead.days <= days and ahead.upper <= at_latest


def _point(number: DatedNumber, noise: DailyNoise, confidence: float) -> Point:
    expected = expected_value(
        number.measurement, noise, day=number.day, confidence=confidence
    )
    value = number.measurement.value
    return Point(
        day=number.day,
        value=float("nan") if value is None else value,
        error=expected.error,
    )


def _broken_from(objective: Objective, mean: float) -> Limit:
    """Return where the objective is broken, whatever chance may add on a day."""
    low, high = objective.min, objective.max
    if objective.max_drop is None:
        return Limit(low=low, high=high)
    metric = metric_of(objective.source, objective.metric)
    least, most = span_of_loss(metric, mean, objective.max_drop)
    # Of two limits on a side the one that is crossed first.
    lows = [edge for edge in (low, least) if edge is not None]
    highs = [edge for edge in (high, most) if edge is not None]
    return Limit(low=max(lows, default=None), high=min(highs, default=None))


def _seed(model: str, number: Measurement, day: date) -> int:
    # The same draws whenever the day is judged again.
    about = [model, number.version, _name(number), number.segment, day.isoformat()]
    if number.column:
        about.append(number.column)
    return crc32("/".join(about).encode())


def _sentence(ahead: Forecast) -> str:
    if ahead.days is None:
        return ahead.reason
    last = "never" if ahead.upper is None else f"{ahead.upper:.0f}"
    return f"{ahead.reason} ({ahead.lower or 0.0:.0f} to {last})"
