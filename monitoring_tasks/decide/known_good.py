"""What labels prove: that no promise lost what matters, and what that excuses. Pure."""

from collections.abc import Sequence

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.losses import allowed_loss, loss_of
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.metric_table import DECISION_RATE
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.rows.names import ALL


def losses_left(
    findings: Sequence[Finding], contract: Contract
) -> tuple[dict[int, float], ...]:
    """Return how much of the allowed losses labels leave possible, for each promise.

    Of each realized objective about all rows, by the rows it was measured on: the
    share of the allowed loss that the worse end of its interval lies at, where that
    excludes the rest. That a loss is not proven proves nothing.

    Args:
        findings: The judged numbers of the day.
        contract: States the allowed losses.

    Returns:
        A promise each; nothing where one of them excludes nothing, or there is none.
    """
    # Labels that fit better than they can prove nothing.
    if any(f.measurement.kind is Kind.TOO_GOOD for f in findings):
        return ()
    of_promise: dict[tuple[str, str], dict[int, float]] = {}
    for finding in findings:
        number = finding.measurement
        if number.kind is Kind.REALIZED and number.segment == ALL:
            shares = of_promise.setdefault((number.metric, number.version), {})
            share = _share_of_loss(finding, contract)
            if finding.verdict is Verdict.OK and share is not None and share <= 1:
                kept = shares.get(number.rows, 1.0)
                shares[number.rows] = min(kept, round(max(share, 0.0), 4))
    return tuple(of_promise.values()) if all(of_promise.values()) else ()


def rows_of(findings: Sequence[Finding]) -> int:
    """Return how many rows of the day its numbers are of: the labelled ones, if any."""
    numbers = [
        f.measurement
        for f in findings
        if f.measurement.horizon == 1 and f.measurement.segment == ALL
    ]
    labelled = [n.rows for n in numbers if n.kind is Kind.REALIZED]
    return max(labelled or [n.rows for n in numbers], default=0)


def _share_of_loss(finding: Finding, contract: Contract) -> float | None:
    """Return the loss at the worse end of an interval, in allowed losses.

    None where nothing can be said; of a limit that was promised as a number, all of it:
    `ok` is said only where the whole interval lies within.
    """
    number, allowed = finding.measurement, allowed_loss(finding, contract)
    if allowed is None:
        return 1.0
    ends = [end for end in (number.lower, number.upper) if end is not None]
    lost = max((loss_of(finding, end) for end in ends), default=None)
    return None if lost is None else lost / allowed


def labels_answer_for(finding: Finding, contract: Contract) -> bool:
    """Whether the promises would show it if the outputs of a finding were wrong.

    The order of scores says nothing of where they lie, scores nothing of decisions, and
    all rows nothing of a segment.

    Args:
        finding: About how outputs lie.
        contract: What is promised, by labels.
    """
    number = finding.measurement
    promised = [
        metric_of(o.source, o.metric)
        for o in contract.objectives
        if o.source == Kind.REALIZED.value and o.segment == ALL
    ]
    if number.segment != ALL:
        return False
    if _is_decision(finding, contract):
        return any(not metric.from_scores for metric in promised)
    return any(not metric.is_rank for metric in promised)


def _is_decision(finding: Finding, contract: Contract) -> bool:
    number = finding.measurement
    if number.kind is Kind.OUTPUT:
        return number.metric.startswith(DECISION_RATE)
    is_number = contract.problem is Problem.REGRESSION
    return number.column == contract.columns.prediction and not is_number
