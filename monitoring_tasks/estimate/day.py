"""All numbers of one model version on one day, from its counts."""

from collections.abc import Sequence

from monitoring_tasks.domain.contract import Contract, Problem
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.estimate.drift import measure_drift
from monitoring_tasks.estimate.fairness import measure_fairness
from monitoring_tasks.estimate.performance import estimate_performance
from monitoring_tasks.estimate.provisional import measure_provisional
from monitoring_tasks.estimate.realized import realize
from monitoring_tasks.estimate.service import measure_service


def measure_version(
    profiles: Sequence[DayProfile],
    reference: ReferenceProfile | None,
    contract: Contract,
) -> list[Measurement]:
    """Measure one version on one day, as a whole and by segment.

    Args:
        profiles: The version's profiles of the day: `all` first, then segments.
        reference: The version's reference; None leaves out what needs one.
        contract: Says what is watched.
    """
    whole, policy = profiles[0], contract.policy
    numbers: list[Measurement] = []
    for profile in profiles:
        numbers += realize(
            profile,
            confidence=policy.confidence,
            value=contract.value,
            classes=contract.classes,
        )
        if reference is not None and contract.problem is Problem.BINARY:
            numbers += estimate_performance(
                reference,
                profile,
                confidence=policy.confidence,
                value=contract.value,
            )
    numbers += measure_provisional(whole, contract)
    if reference is not None:
        numbers += measure_drift(reference, whole)
    for column in contract.columns.protected:
        numbers += measure_fairness(
            profiles,
            column,
            min_rows=policy.min_group_rows,
            confidence=policy.confidence,
            reference=reference,
        )
    return numbers + measure_service(
        whole, columns=contract.columns, confidence=policy.confidence
    )
