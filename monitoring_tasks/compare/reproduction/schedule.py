"""On which days rows are scored again with the version they state. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from zlib import crc32

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.damaged_columns import corruption_in
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import LOUD, Finding, Kind, Verdict
from monitoring_tasks.domain.reproductions import ReproducedDay

FROM_SCORES = frozenset(
    {
        Kind.ESTIMATED,
        Kind.REALIZED,
        Kind.FAIRNESS,
        Kind.COMPARISON,
        Kind.SEQUENCE,
        Kind.OUTCOME,
        Kind.OUTPUT,
        Kind.TOO_GOOD,
        Kind.SEGMENT,
    }
)
"""Kinds of numbers that outputs go into."""


def is_reproduction_due(
    evaluation: Evaluation,
    findings: Sequence[Finding],
    before: Sequence[ReproducedDay],
    contract: Contract,
    *,
    is_scoring: bool,
) -> bool:
    """Say whether rows of a day are scored again with the version they state.

    Every so many days; where an output gives reason to; on the first day of a version;
    as long as a look at the same day did, or days just before had other outputs; and
    where the scoring process runs anyway.

    Args:
        evaluation: The day; its batch is fit.
        findings: Its judged numbers.
        before: What days up to it said, oldest first.
        contract: Says how often, and names the outputs.
        is_scoring: Whether versions were loaded for the day already.
    """
    policy, day = contract.policy, evaluation.day
    if policy.versions.rescore.rows == 0 or evaluation.version is None:
        return False
    latest = policy.persistence.of_days
    return (
        is_scoring
        or is_turn(contract.model, day, policy.versions.rescore.every_days)
        or all(past.version != evaluation.version for past in before)
        or any(past.day == day for past in before)
        or any(
            past.verdict is Verdict.WARN and (day - past.day).days < latest
            for past in before
        )
        or _are_outputs_odd(evaluation, findings, contract)
    )


def is_turn(model: str, day: date, every_days: int) -> bool:
    """Whether it is a model's turn on a day where nothing gives reason to look.

    By the day's number, so that days judged again and in bulk are the same ones.

    Args:
        model: Registered model name: models take turns.
        day: The model's own calendar day.
        every_days: `policy.versions.rescore.every_days`.
    """
    return (day.toordinal() + crc32(model.encode())) % every_days == 0


def _are_outputs_odd(
    evaluation: Evaluation, findings: Iterable[Finding], contract: Contract
) -> bool:
    """Whether anything that outputs go into, or their version, gives reason to look."""
    columns = contract.columns
    outputs = {*columns.scores, columns.prediction}
    damaged = {
        name
        for check in corruption_in(evaluation.checks)
        for name in check.column.split(", ")
    }
    return bool(damaged & {*outputs, columns.model_version}) or any(
        finding.verdict in LOUD
        and (
            finding.measurement.kind in FROM_SCORES
            or finding.measurement.column in outputs
        )
        for finding in findings
    )
