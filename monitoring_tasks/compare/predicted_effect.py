"""How much of a loss the scores alone predict: does drift explain it? Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from monitoring_tasks.compare.thresholds import (
    critical_loss,
    expected_value,
    noise_of,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.incident_context import PredictedEffect
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.reference import ReferenceProfile

References = Mapping[str, ReferenceProfile]
NumberKey = tuple[str, str, str, int]
"""Version, metric, segment and horizon of a number."""


def predicted_effects(
    measurements: Sequence[Measurement],
    references: References,
    contract: Contract,
    *,
    day: date,
) -> list[PredictedEffect]:
    """Hold each promised number's estimated loss beside the loss that came true.

    Loss = what the reference expects of the day less the number (the other way round
    where lower is better). Estimates (CBPE, DLE) are made from inputs and scores
    alone, so what they predict is the part of a loss that moved inputs explain as long
    as the scores keep their meaning.

    When it lies: a model that is not calibrated where the inputs went loses more than
    is predicted; drift and a changed meaning at once look like the latter; two errors
    of the estimate may cancel. No predicted loss is therefore no proof that inputs are
    innocent.

    Args:
        measurements: The numbers of the day.
        references: Reference profile by version; a version may lack one.
        contract: Says which metrics are promised, and what loss is allowed.
        day: The calendar day.

    Returns:
        One for each promised metric and segment, version and horizon that was
        measured either way; parts that nobody can tell are None.

    References:
        Kivimaki et al. (2025), Confidence-based Estimators for Predictive Performance.
    """
    promised = _promised(contract)
    losses: dict[NumberKey, dict[Kind, tuple[float, float]]] = {}
    for number in measurements:
        if number.column or (number.metric, number.segment) not in promised:
            continue
        if number.kind not in {Kind.REALIZED, Kind.ESTIMATED}:
            continue
        lost = _loss(number, references, contract, day=day)
        number_key = (number.version, number.metric, number.segment, number.horizon)
        if lost is not None:
            losses.setdefault(number_key, {})[number.kind] = lost
    return [
        _effect(
            number_key,
            losses[number_key],
            allowed=promised[number_key[1], number_key[2]],
        )
        for number_key in sorted(losses)
    ]


def _effect(
    number_key: NumberKey, losses: Mapping[Kind, tuple[float, float]], *, allowed: float
) -> PredictedEffect:
    version, metric, segment, horizon = number_key
    came, guess = losses.get(Kind.REALIZED), losses.get(Kind.ESTIMATED)
    return PredictedEffect(
        version=version,
        metric=metric,
        segment=segment,
        horizon=horizon,
        realized=came[0] if came else None,
        predicted=guess[0] if guess else None,
        is_surprising=guess is not None and guess[0] > max(allowed, guess[1]),
    )


def _promised(contract: Contract) -> dict[tuple[str, str], float]:
    """Return the largest allowed loss of every metric and segment that is promised."""
    allowed: dict[tuple[str, str], float] = {}
    for objective in contract.objectives:
        if objective.source in {Kind.REALIZED, Kind.ESTIMATED}:
            key = (objective.metric, objective.segment)
            allowed[key] = max(allowed.get(key, 0.0), objective.max_drop or 0.0)
    return allowed


def _loss(
    number: Measurement, references: References, contract: Contract, *, day: date
) -> tuple[float, float] | None:
    """Return a number's loss and what chance brings; None where nothing is expected."""
    policy = contract.policy
    noise = noise_of(number, references.get(number.version), policy)
    horizon = next((h for h in policy.horizons if h.days == number.horizon), None)
    if noise is None or horizon is None or number.value is None:
        return None
    expected = expected_value(number, noise, day=day, confidence=policy.confidence)
    metric = metric_of(number.kind, number.metric)
    # A number that is neither better nor worse has no loss.
    if not metric.better.worse_signs:
        return None
    lost = loss(metric.better, number.value, expected.mean)
    return lost, critical_loss(metric, expected, horizon.false_alarm)


def lost_value(
    measurements: Sequence[Measurement],
    references: References,
    contract: Contract,
    *,
    day: date,
) -> float | None:
    """Return the business value lost on a day against what the reference expects.

    (expected value of a prediction - that of the day) x labelled rows, versions added;
    negative is a gain. None where the contract states no value, or nothing is known.

    Args:
        measurements: The numbers of the day.
        references: Reference profile by version; a version may lack one.
        contract: States the value of a prediction.
        day: The calendar day.
    """
    # The number is a mean over labelled rows; times these rows it is an amount.
    losses = [
        lost[0] * number.rows
        for number in measurements
        if number.kind is Kind.REALIZED
        and (number.metric, number.segment, number.horizon)
        == ("business_value", "all", 1)
        and (lost := _loss(number, references, contract, day=day)) is not None
    ]
    return sum(losses) if losses and contract.value is not None else None
