"""What holds of ids, scores, classes and versions, as statements."""

from collections.abc import Sequence
from dataclasses import replace

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.validate.suites.statements import Statement

KNOWN_VERSION = "model_version_is_registered"


def prediction_statements(
    contract: Contract, known_versions: frozenset[str] | None
) -> list[Statement]:
    """State what holds of the rows of predictions.

    Args:
        contract: Names the columns and the classes.
        known_versions: Versions in the registry; None when that is not to be checked.
    """
    columns = contract.columns
    statements = id_statements(contract)
    statements += [
        Statement(
            gate="values",
            kind="expect_column_values_to_be_between",
            kwargs={"column": name, "min_value": 0, "max_value": 1},
        )
        for name in columns.scores
    ]
    statements += class_statements(contract, columns.prediction)
    if known_versions is not None:
        registered = _in_set(columns.model_version, sorted(known_versions))
        statements.append(replace(registered, name=KNOWN_VERSION))
    return statements


def with_versions_remedy(
    checks: list[Check], contract: Contract, known_versions: frozenset[str] | None
) -> list[Check]:
    """Say beside a version nobody registered which there are, and how to name one.

    Args:
        checks: Those of the batch.
        contract: Names the model and its column of versions.
        known_versions: Versions in the registry; None when that was not checked.
    """
    # By length first: as texts, 10 would come before 9.
    newest = sorted(known_versions or (), key=lambda version: (len(version), version))
    named = ", ".join(newest[-5:]) or "none"
    remedy = (
        f"; registered of {contract.model}: {named}; register "
        f"it, or say what it means: columns.model_version: "
        f"{{column: {contract.columns.model_version}, map: {{VALUE: VERSION}}}}"
    )
    return [
        replace(check, observed=f"{check.observed}{remedy}")
        if check.name == KNOWN_VERSION and check.status == "failed"
        else check
        for check in checks
    ]


def id_statements(contract: Contract) -> list[Statement]:
    """State that every row has an id of its own."""
    kinds = ("expect_column_values_to_not_be_null", "expect_column_values_to_be_unique")
    return [
        Statement(gate="keys", kind=kind, kwargs={"column": contract.columns.id})
        for kind in kinds
    ]


def class_statements(contract: Contract, column: str) -> list[Statement]:
    """State that a class is one of the agreed ones: 0 and 1, or `classes`.

    Args:
        contract: Says which problem it is, and its classes.
        column: Label or prediction.
    """
    if contract.problem is Problem.REGRESSION:
        return []
    binary = contract.problem is Problem.BINARY
    return [_in_set(column, [0, 1] if binary else list(contract.classes))]


def _in_set(column: str, values: Sequence[object]) -> Statement:
    return Statement(
        gate="values",
        kind="expect_column_values_to_be_in_set",
        kwargs={"column": column, "value_set": values},
    )


def classes_as_text(contract: Contract, column: str) -> tuple[str, ...]:
    """Name `column` when its classes are compared as text, as the contract has them."""
    return (column,) if contract.problem is Problem.MULTICLASS else ()
