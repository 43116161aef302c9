"""Do the day's labels come as they usually do? Coverage is a signal by itself."""

from collections.abc import Sequence

from monitoring_tasks.compare.interval_rule import finding_of, why_not_judged
from monitoring_tasks.contract.labels import LabelPolicy
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement, Verdict


def judge_label_arrival(
    measurements: Sequence[Measurement], policy: LabelPolicy
) -> list[Finding]:
    """Warn where fewer labels are known than of hardly any day before at that age.

    The rows whose labels stay away are seldom like the others, so that what is
    realized without them may lie. A shortfall without a value says nothing, and one
    without an interval tells neither health nor trouble. And warn where the labels of
    `overdue_days` latest days stay away longer than the contract states, or, where it
    states nothing, as on hardly any day before.

    Args:
        measurements: Every number of the day; those about labels count.
        policy: How many overdue days are too many.
    """
    limit = Limit(high=0.0, origin="what other days had at the same age", advisory=True)
    measured = [
        n for n in measurements if n.kind is Kind.LABELS and n.value is not None
    ]
    return [
        *(_judge(n, limit) for n in measured if n.metric == "label_coverage_shortfall"),
        *(_overdue(n, policy) for n in measured if n.metric == "label_overdue_days"),
    ]


def _overdue(number: Measurement, policy: LabelPolicy) -> Finding:
    # The limit is the largest number of days that is still fine.
    days, most = round(number.value or 0.0), policy.overdue_days - 1
    limit = Limit(high=float(most), origin="labels.overdue_days", advisory=True)
    if days > most:
        held = "which is unusual"
        if isinstance(policy.delay_days, int):
            held = (
                f"expected {policy.delay_days} days after the day (labels.delay_days)"
            )
        why = f"the labels of the {days} latest days are missing, {held}"
        return finding_of(number, Verdict.WARN, why, limit)
    why = f"{days} of the latest days lack their labels; up to {most} is allowed"
    return finding_of(number, Verdict.OK, why, limit)


def _judge(number: Measurement, limit: Limit) -> Finding:
    value, lower = number.value or 0.0, number.lower
    unjudged = why_not_judged(number, limit, min_rows=0, noun="shortfall")
    if unjudged is not None:
        verdict, why, code = unjudged
        return finding_of(number, verdict, why, limit, code=code)
    if lower is None:
        why = "how far days usually differ is unknown"
        return finding_of(number, Verdict.INCONCLUSIVE, why, limit)
    if lower > 0:
        why = f"labels of {value:.0%} of the rows are late or missing"
        return finding_of(number, Verdict.WARN, why, limit)
    return finding_of(number, Verdict.OK, "labels arrive as on other days", limit)
