"""All numbers of one model version on one day, from its counts."""

from collections.abc import Iterator, Sequence

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.estimate.drift import measure_drift
from monitoring_tasks.estimate.fairness import measure_fairness
from monitoring_tasks.estimate.output_levels import measure_outputs
from monitoring_tasks.estimate.performance import estimate_performance
from monitoring_tasks.estimate.provisional import measure_provisional
from monitoring_tasks.estimate.realized import realize
from monitoring_tasks.estimate.service import measure_service

ALL = "all"


def measure_version(
    profiles: Sequence[DayProfile],
    reference: ReferenceProfile | None,
    contract: Contract,
) -> list[Measurement]:
    """Measure one model version on one day, as a whole and by segment.

    Args:
        profiles: The version's profiles of the day: `all` first, then segments.
        reference: The version's reference; None leaves out what needs one.
        contract: Says what is watched.

    Returns:
        The numbers of `measure_model`, and how the outputs of every profile lie; of the
        whole day and every declared segment also drift and data ratios, service, and
        what early labels say. A segment the reference knows and the day lacks has a
        `volume` of 0.
    """
    numbers = measure_model(profiles, reference, contract)
    for profile in profiles:
        numbers += measure_outputs(profile, contract)
        # Groups of a protected column are compared by their outcomes alone.
        if not _is_declared(profile.segment, contract):
            continue
        numbers += measure_provisional(profile, contract)
        if reference is not None:
            numbers += measure_drift(reference, profile)
        numbers += measure_service(
            profile, columns=contract.columns, confidence=contract.policy.confidence
        )
    # A segment without rows has no profile from which its volume would follow.
    return [*numbers, *_vanished(profiles, reference, contract)]


def measure_model(
    profiles: Sequence[DayProfile],
    reference: ReferenceProfile | None,
    contract: Contract,
) -> list[Measurement]:
    """Measure how well and how fairly a version does: outcomes alone, no columns.

    Args:
        profiles: The version's profiles: `all` first, then segments and groups.
        reference: The version's reference; None leaves out what needs one.
        contract: Says what is watched.

    Returns:
        Kind `realized`, of a binary model also `estimated`, of every profile; kind
        `fairness` of every protected column.
    """
    policy = contract.policy
    if reference is not None and reference.is_unlabelled:
        reference = None  # scores nobody held against labels estimate nothing
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
    # Over all groups at once: a gap is between them.
    for column in contract.columns.protected:
        numbers += measure_fairness(
            profiles,
            column,
            min_rows=policy.min_group_rows,
            confidence=policy.confidence,
            reference=reference,
        )
    return numbers


def _is_declared(segment: str, contract: Contract) -> bool:
    """Whether it is the whole day or a value of a segment column."""
    name, is_part, _ = segment.partition("=")
    return not is_part or name in contract.columns.segments


def _vanished(
    profiles: Sequence[DayProfile],
    reference: ReferenceProfile | None,
    contract: Contract,
) -> Iterator[Measurement]:
    """Return a volume of 0 for every segment of the reference without a row on the day.

    It has no counts of its own from which that would follow.
    """
    if reference is None:
        return
    for segment in sorted({*reference.segments} - {p.segment for p in profiles}):
        if _is_declared(segment, contract):
            yield Measurement(
                kind=Kind.SERVICE,
                metric="volume",
                segment=segment,
                version=profiles[0].version,
                value=0.0,
                reason="no rows of this segment arrived",
            )
