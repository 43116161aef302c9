"""Realized numbers while labels are still coming, weighted to stand for all rows."""

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.binary import realized_binary
from monitoring_tasks.estimate.early_labels import reweighted
from monitoring_tasks.estimate.metric_value import MetricValue, measurements, undefined


def measure_provisional(part: DayProfile, contract: Contract) -> list[Measurement]:
    """Measure a binary model's promised metrics on early labels, their bias taken out.

    Only while its labels are immature: mature ones are measured as they are. The
    numbers are shown and held against nothing; what they assume is in `early_labels`.

    Args:
        part: The day of one version, as a whole or one segment.
        contract: Says what is promised, and when labels are mature.

    Returns:
        Kind `labels`, metric `provisional_<metric>`, one for each realized objective on
        the whole day or on this segment; without a value, and with a reason, where
        labels are too few.
    """
    policy, outcome = contract.policy, part.outcome
    if not isinstance(outcome, BinaryOutcome) or not part.labelled:
        return []
    if part.label_coverage >= policy.label_coverage:
        return []
    weighted = reweighted(
        outcome, strata=policy.labels.strata, min_labelled=policy.labels.min_labelled
    )
    numbers: dict[str, MetricValue] = {}
    if weighted.outcome is not None:
        numbers = realized_binary(
            weighted.outcome, confidence=policy.confidence, value=contract.value
        )
    missing = undefined(part.labelled, weighted.reason or "it is not realized")
    promised = sorted(
        {
            objective.metric
            for objective in contract.objectives
            if Kind(objective.source) is Kind.REALIZED
            and objective.segment in {"all", part.segment}
        }
    )
    provisional = {
        f"provisional_{name}": numbers.get(name, missing) for name in promised
    }
    return measurements(Kind.LABELS, provisional, part)
