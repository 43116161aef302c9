"""Do the day's labels come as they usually do? Coverage is a signal by itself."""

from collections.abc import Sequence

from monitoring_tasks.compare.interval_rule import finding_of, why_not_judged
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement, Verdict


def judge_labels(measurements: Sequence[Measurement]) -> list[Finding]:
    """Warn where fewer labels are known than of hardly any day before at that age.

    The rows whose labels stay away are seldom like the others, so that what is
    realized without them may lie. A shortfall without a value says nothing, and one
    without an interval tells neither health nor trouble.
    """
    limit = Limit(high=0.0, origin="what other days had at the same age", advisory=True)
    return [
        _judge(number, limit)
        for number in measurements
        if number.kind is Kind.LABELS
        and number.metric == "label_coverage_shortfall"
        and number.value is not None
    ]


def _judge(number: Measurement, limit: Limit) -> Finding:
    value, lower = number.value or 0.0, number.lower
    unjudged = why_not_judged(number, limit, min_rows=0, noun="shortfall")
    if unjudged is not None:
        return finding_of(number, *unjudged, limit)
    if lower is None:
        why = "nothing tells how far other days lie apart"
        return finding_of(number, Verdict.INCONCLUSIVE, why, limit)
    if lower > 0:
        why = f"labels of {value:.0%} of the rows are known later than usual, or never"
        return finding_of(number, Verdict.WARN, why, limit)
    return finding_of(number, Verdict.OK, "labels come as on other days", limit)
