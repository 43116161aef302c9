"""Which number the time line shows: the one that decided the day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.assess import decisive_findings
from monitoring_tasks.domain.findings import VALID, Finding, Kind, Verdict
from monitoring_tasks.domain.metric import Metric
from monitoring_tasks.domain.metrics import comparison_metrics, find_metric

RANKED = (Kind.REALIZED, Kind.FAIRNESS, Kind.ESTIMATED)
"""Kinds that say how well the model does; labels before estimates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charted:
    """The number a time line shows.

    Attributes:
        kind: What it is measured from.
        metric: Its name.
        column: The protected attribute of a fairness metric, else empty.
        segment: `all` or a segment.
        horizon: Days that are pooled for one value.
    """

    kind: Kind
    metric: str
    column: str = ""
    segment: str = "all"
    horizon: int = 1

    @property
    def title(self) -> str:
        """Its name, with all that sets it apart from the day's number of all rows."""
        of = f" by {self.column}" if self.column else ""
        at = "" if self.segment == "all" else f" of {self.segment}"
        over = f" over {self.horizon} days" if self.horizon > 1 else ""
        return f"{self.metric.replace('_', ' ')}{of}{at}{over}"

    @property
    def definition(self) -> Metric | None:
        """The metric's row in the table of metrics; None for one that has none."""
        return find_metric(self.kind, self.metric)


def charted_number(
    findings: Sequence[Finding], contract: Contract, version: str
) -> Charted:
    """Return the gravest number in breach; else the first one promised.

    Args:
        findings: Those of the day.
        contract: What is promised.
        version: The version most rows of the day were scored with.
    """
    decided = deciding_number(findings, contract, version)
    if decided is not None:
        return decided
    main = _promised(contract)
    decisive = _decisive_of_version(findings, version)
    same = [finding for finding in decisive if _is_about(finding, main)]
    return _of(min(same, key=partial(_loudness, contract))) if same else main


def deciding_number(
    findings: Sequence[Finding], contract: Contract, version: str
) -> Charted | None:
    """Return the gravest number in breach; else the first one promised.

    Over the shortest of its horizons that tells; None where none does, or where what is
    in breach cannot be charted: losses added up, a comparison, the service.

    Args:
        findings: Those of the day.
        contract: What is promised.
        version: The version most rows of the day were scored with.
    """
    decisive = _decisive_of_version(findings, version)
    broken = [finding for finding in decisive if finding.verdict is Verdict.BREACH]
    is_another = any(f.verdict is Verdict.BREACH for f in decisive_findings(findings))
    if is_another and not broken:
        return None
    main = _promised(contract)
    decided = broken or [
        f for f in decisive if f.verdict in VALID and _is_about(f, main)
    ]
    return _of(min(decided, key=partial(_loudness, contract))) if decided else None


def _decisive_of_version(findings: Sequence[Finding], version: str) -> list[Finding]:
    return [
        finding
        for finding in decisive_findings(findings)
        if finding.measurement.kind in RANKED and finding.measurement.version == version
    ]


def _promised(contract: Contract) -> Charted:
    """Return the first realized number promised, else what versions are compared by."""
    for objective in contract.objectives:
        if objective.source == Kind.REALIZED.value:
            segment = objective.segment
            return Charted(kind=Kind.REALIZED, metric=objective.metric, segment=segment)
    return Charted(kind=Kind.REALIZED, metric=comparison_metrics(contract.problem)[0])


def _of(finding: Finding) -> Charted:
    number = finding.measurement
    return Charted(
        kind=number.kind,
        metric=number.metric,
        column=number.column,
        segment=number.segment,
        horizon=number.horizon,
    )


def _is_about(finding: Finding, main: Charted) -> bool:
    number = finding.measurement
    about = (number.metric, number.column, number.segment)
    return about == (main.metric, main.column, main.segment)


def _loudness(
    contract: Contract, finding: Finding
) -> tuple[int, bool, int, int, tuple[str, str, str]]:
    """Labels first, all rows before segments, what is promised first, one day first.

    Of one objective the shortest horizon that tells decides.
    """
    number = finding.measurement
    promised = [(o.source, o.metric) for o in contract.objectives]
    about = (number.kind.value, number.metric)
    return (
        RANKED.index(number.kind),
        number.segment != "all",
        promised.index(about) if about in promised else len(promised),
        number.horizon,
        (number.metric, number.column, number.segment),
    )
