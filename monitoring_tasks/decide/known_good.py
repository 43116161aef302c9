"""What labels prove: that no promise lost what matters, and what that excuses. Pure."""

from collections.abc import Sequence

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.direction import Better, loss
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.metric_table import DECISION_RATE
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.rows.names import ALL


def is_known_good(findings: Sequence[Finding], contract: Contract) -> bool:
    """Whether labels show that no promise about all rows lost what matters.

    Of each realized objective the day's own interval, or that of the days pooled with
    it, has to exclude the largest loss that is allowed. That a loss is not proven
    proves nothing.

    Args:
        findings: The judged numbers of the day.
        contract: States the allowed losses.
    """
    # Labels that fit better than they can prove nothing.
    if any(f.measurement.kind is Kind.TOO_GOOD for f in findings):
        return False
    of_objective: dict[tuple[str, str], list[bool]] = {}
    for finding in findings:
        number = finding.measurement
        if number.kind is Kind.REALIZED and number.segment == "all":
            about = (number.metric, number.version)
            excludes = finding.verdict is Verdict.OK and _excludes_loss(
                finding, contract
            )
            of_objective.setdefault(about, []).append(excludes)
    return bool(of_objective) and all(map(any, of_objective.values()))


def _excludes_loss(finding: Finding, contract: Contract) -> bool:
    """Whether the worse end of an interval lies within the allowed loss."""
    number, limit = finding.measurement, finding.limit
    allowed = [
        objective.max_drop
        for objective in contract.objectives
        if objective.is_about(number) and objective.max_drop is not None
    ]
    if limit is None or limit.reference is None or not allowed:
        # A promised limit: `ok` is said only where the whole interval lies within.
        return True
    better = metric_of(number.kind, number.metric).better
    ends = [end for end in (number.lower, number.upper) if end is not None]
    if better is Better.NONE or not ends:
        return False
    return max(loss(better, end, limit.reference) for end in ends) <= min(allowed)


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
