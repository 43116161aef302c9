"""What evidence calls the numbers and checks that it rests on."""

from collections.abc import Iterable

from monitoring_tasks.domain.findings import Check, Finding, Measurement


def number_key(number: Measurement) -> str:
    """Return what evidence calls a number of a day."""
    return "/".join(map(str, number.key))


def check_key(check: Check) -> str:
    """Return what evidence calls a check of a day.

    >>> check_key(Check(gate="nulls", name="share", column="x", status="failed",
    ...                 severity="warning"))
    'check/nulls/share/x'
    """
    return f"check/{check.gate}/{check.name}/{check.column}"


def keys_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return what evidence calls the numbers of findings, in their order."""
    return tuple(number_key(finding.measurement) for finding in findings)
