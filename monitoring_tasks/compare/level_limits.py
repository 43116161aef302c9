"""Limits of a number that is neither good nor bad: it has moved, or it has not."""

from dataclasses import dataclass, replace

from monitoring_tasks.compare.baseline import Expected
from monitoring_tasks.compare.interval_rule import finding_of, why_not_judged
from monitoring_tasks.compare.skewed import Shape, scaled
from monitoring_tasks.domain.findings import Finding, Limit, Measurement, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelTest:
    """How far a number may lie from what is expected of it.

    Attributes:
        shape: On which scale its days are spread.
        false_alarm: Probability that a healthy number crosses, both sides together.
        shift: A smaller move never counts.
    """

    shape: Shape
    false_alarm: float
    shift: float

    def held(
        self, number: Measurement, expected: Expected
    ) -> tuple[Limit, float | None]:
        """Return the limits of a number with a value, and the chance of that value.

        A share of few rows moves by whole rows: its limits are half a row wider, so
        that a share near 0 or 1 is not past them for want of a value in between.

        Args:
            number: Has a value.
            expected: What it would be, had nothing changed.
        """
        on_scale, mean = scaled(expected, self.shape), expected.mean
        step = 0.5 / number.rows if self.shape is Shape.SHARE and number.rows else 0.0
        half = self.false_alarm / 2
        low = min(on_scale.edge(half, -1) - step, mean - self.shift)
        high = max(on_scale.edge(half, 1) + step, mean + self.shift)
        if self.shape is Shape.SHARE:
            low, high = max(low, 0.0), min(high, 1.0)
        value = number.value or 0.0
        sign = 1 if value > mean else -1
        # Two sides, so the chance of the nearer one counts twice.
        p_value = min(2 * on_scale.p_value(value - sign * step, sign), 1.0)
        return _limit(expected, low, high, self.false_alarm), p_value


def judge_level(
    number: Measurement, limit: Limit, p_value: float | None, *, min_rows: int
) -> Finding:
    """Hold a value against limits that have its sampling error in them.

    Args:
        number: The number, of an advisory kind.
        limit: Its limits; none where the reference has too few days.
        p_value: The chance of the value; None where nothing tells.
        min_rows: Fewer rows are not judged.

    Returns:
        `warn` past a limit, else `ok`; `inconclusive` or `no_data` where nothing can be
        said.
    """
    unjudged = why_not_judged(number, limit, min_rows=min_rows, noun=number.metric)
    if unjudged is not None:
        verdict, why, code = unjudged
        return finding_of(number, verdict, why, limit, code=code)
    value = number.value or 0.0
    is_past = (limit.low is not None and value < limit.low) or (
        limit.high is not None and value > limit.high
    )
    where = "is outside the usual range" if is_past else "is in the usual range"
    verdict = Verdict.WARN if is_past else Verdict.OK
    why = f"{value:.3f} {where} ({limit.origin})"
    return replace(finding_of(number, verdict, why, limit), p_value=p_value)


def one_sided(expected: Expected, edge: float, sign: int, false_alarm: float) -> Limit:
    """Return a limit on one side.

    Args:
        expected: What is expected.
        edge: The limit.
        sign: The side: 1 above, -1 below.
        false_alarm: Probability that a healthy number crosses it.
    """
    low, high = (None, edge) if sign > 0 else (edge, None)
    return _limit(expected, low, high, false_alarm)


def _limit(
    expected: Expected, low: float | None, high: float | None, false_alarm: float
) -> Limit:
    ends = [("below", low), ("above", high)]
    sides = " or ".join(f"{side} {end:.3f}" for side, end in ends if end is not None)
    return Limit(
        low=low,
        high=high,
        origin=f"expected {expected.mean:.3f}; a healthy model is {sides} on at most "
        f"1 day in {1 / false_alarm:.0f}",
        reference=expected.mean,
        advisory=True,
        false_alarm=false_alarm,
    )
