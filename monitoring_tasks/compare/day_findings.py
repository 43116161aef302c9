"""All findings of a day's own numbers: by themselves, and with those of days before.

Pure. Other versions on the same rows are another question; see `version_comparison`.
"""

from collections.abc import Mapping, Sequence

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.compare.late_labels import judge_label_arrival
from monitoring_tasks.compare.loss_sequences import judge_sequences
from monitoring_tasks.compare.objective_forecasts import judge_forecasts
from monitoring_tasks.compare.untrusted_estimates import demote_untrusted
from monitoring_tasks.domain.findings import Finding, Measurement
from monitoring_tasks.domain.trust import DatedNumber, EstimatorTrust, TrustKey


def day_findings(
    measurements: Sequence[Measurement],
    numbers: Sequence[DatedNumber],
    context: DayContext,
    *,
    trust: Mapping[TrustKey, EstimatorTrust],
) -> list[Finding]:
    """Hold a day's numbers against their limits, in every way the contract asks for.

    Args:
        measurements: Every number of the day.
        numbers: The promised numbers of the days before and of the day, in no order.
        context: The day, its contract and what is known of its versions.
        trust: How far estimates may be believed, by version, segment and metric.
    """
    findings = [
        *judge_day(measurements, context),
        *judge_sequences(numbers, context),
        *judge_forecasts(numbers, context),
        *judge_label_arrival(measurements, context.contract.policy.labels),
    ]
    # Last: sequences and forecasts of estimates deserve no more trust than they do.
    return demote_untrusted(findings, trust)
