"""What evidence calls the numbers and checks that it rests on."""

from collections.abc import Iterable

from monitoring_tasks.domain.findings import Check, Finding, Measurement

CHECK = "check/"
"""How the key of a check begins: `check/gate/name/column`."""


def number_key(number: Measurement) -> str:
    """Return what evidence calls a number of a day."""
    return "/".join(map(str, number.key))


def check_key(check: Check) -> str:
    """Return what evidence calls a check of a day.

    >>> check_key(Check(gate="nulls", name="share", column="x", status="failed",
    ...                 severity="warning"))
    'check/nulls/share/x'
    """
    return f"{CHECK}{check.gate}/{check.name}/{check.column}"


def keys_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return what evidence calls the numbers of findings, in their order."""
    return tuple(number_key(finding.measurement) for finding in findings)


def comparison_key(version: str) -> str:
    """Return what evidence calls another version on the same rows."""
    return f"comparison/{version}"


def decision_key(model: str) -> str:
    """Return what evidence calls what was decided of another model on the day."""
    return f"decision/{model}"
