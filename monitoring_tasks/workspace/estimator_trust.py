"""How far a model's estimates may be believed on a day, from the days before it."""

from collections.abc import Collection, Mapping

from monitoring_tasks.contract.trust import TrustPolicy
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.trust import EstimatorTrust, TrustKey
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.statistics.estimate_pairs import pairs_of
from monitoring_tasks.statistics.estimator_trust import estimator_trust, largest_bias
from monitoring_tasks.store.history import dated_numbers
from monitoring_tasks.workspace.workspace import Workspace


def load_trust(
    workspace: Workspace,
    unit: Unit,
    policy: TrustPolicy,
    *,
    metrics: Collection[str] | None = None,
) -> Mapping[TrustKey, EstimatorTrust]:
    """Judge every estimate of the batch and of the segments objectives are set on.

    Mature days of the `policy.window_days` before `unit.day` count, each by its newest
    evaluation known at `unit.as_of`; days the contract excludes do not.

    Args:
        workspace: The workspace.
        unit: The day; of later days nothing counts.
        policy: When an estimate may be trusted.
        metrics: Names of metrics; None for all that are estimated and realized.

    Returns:
        By version, segment and metric: what was both estimated and realized on one of
        those days, or on the day itself.
    """
    contract = workspace.contract(unit.model)
    numbers = dated_numbers(
        workspace.database,
        unit,
        days=policy.window_days,
        kinds=(Kind.ESTIMATED, Kind.REALIZED),
        segments={"all", *(objective.segment for objective in contract.objectives)},
        metrics=metrics,
    )
    pairs = pairs_of(
        numbers,
        before=unit.day,
        label_coverage=contract.policy.label_coverage,
        excluded_days=contract.policy.excluded_days,
    )
    return {
        key: estimator_trust(
            key,
            days,
            policy,
            max_bias=largest_bias(key, contract.objectives, policy),
            confidence=contract.policy.confidence,
        )
        for key, days in pairs.items()
    }
