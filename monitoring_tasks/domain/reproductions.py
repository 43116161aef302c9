"""Rows of a day scored again with the version they state: what days before said."""

from dataclasses import dataclass
from datetime import date

from monitoring_tasks.domain.findings import Finding, Verdict
from monitoring_tasks.domain.reasons import ReasonCode

UNREPRODUCED_SHARE = "unreproduced_share"
"""What the number of a day is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReproducedDay:
    """What one day said of one version.

    Attributes:
        day: The calendar day.
        version: The version its rows state.
        verdict: `ok` where the rows have the outputs the version gives, `warn` where
            they do not, `inconclusive` where nothing shows that they ever do, `no_data`
            where they could not be scored.
        rows: Rows that were scored again.
        unlike: Rows of these with other outputs.
    """

    day: date
    version: str
    verdict: Verdict
    rows: int = 0
    unlike: int = 0


def is_proof(finding: Finding) -> bool:
    """Whether a finding proves that a large share of the outputs is not the version's.

    Args:
        finding: A judged number.
    """
    return finding.code is ReasonCode.OUTPUTS_NOT_REPRODUCED
