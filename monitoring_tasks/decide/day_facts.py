"""Everything a decision is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.findings import DataVerdict, Finding
from monitoring_tasks.domain.incident_context import IncidentContext


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """Everything a decision is made from.

    Attributes:
        day: The day being decided.
        contract: The model's contract.
        version: The version most rows were scored with; empty when there are none.
        data: Whether the batch is fit to judge by.
        problem: Why there is no batch at all: `{error, text}`.
        findings: The judged numbers.
        comparisons: Other versions on the same rows.
        history: Earlier days, oldest first.
        stale_alias: The version consumers should have served but did not, if so.
        context: What lies around the day; asked only of a day in trouble.
        labels: How labels met predictions; empty when none were asked for.
    """

    day: date
    contract: Contract
    version: str
    data: DataVerdict
    problem: Mapping[str, Any] | None
    findings: Sequence[Finding]
    comparisons: Sequence[Comparison]
    history: Sequence[PastDay]
    stale_alias: str | None = None
    context: IncidentContext = field(default_factory=IncidentContext)
    labels: Mapping[str, Any] = field(default_factory=dict)
