"""Are the labels of a day fit to be joined? As they are read for the join itself."""

from dataclasses import asdict
from typing import Any

import pyarrow as pa

from monitoring_tasks.domain.findings import DataVerdict, Verdict
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import LabelMismatchError
from monitoring_tasks.rows.label_values import values_of
from monitoring_tasks.rows.labels import read_labels
from monitoring_tasks.workspace.workspace import Workspace


def check_labels_of(
    space: Workspace,
    unit: Unit,
    *,
    predictions: pa.Table,
    labels: pa.Table | None,
) -> dict[str, Any]:
    """Return whether the labels may be used, the verdict on them and why.

    Ones that fail critically are not used; values and ids that cannot be are left out
    one by one.

    Args:
        space: The workspace.
        unit: The day.
        predictions: Its frozen predictions.
        labels: Its frozen labels; None when none are known.
    """
    from monitoring_tasks.validate import checks  # noqa: PLC0415 (loads GX)

    problem = space.results.evaluation(unit).problem or {}
    if "labels" in problem:
        return _unusable(problem["labels"])
    contract = space.contract(unit.model)
    suite, name = space.suite(unit.model, "labels"), contract.columns.id
    if labels is None or not labels.num_rows or name not in predictions.column_names:
        verdict = checks.check_labels(labels, contract=contract, suite=suite)
        return _summary(verdict)
    try:
        read = read_labels(
            predictions,
            labels,
            contract.columns,
            arrived_at=contract.sources.labels.arrived_at,
            values=values_of(contract),
        )
    except LabelMismatchError as error:
        return _unusable(str(error))
    verdict = checks.check_labels(
        read.newest,
        contract=contract,
        suite=suite,
        prediction_ids=read.prediction_ids,
        refused=read.refused,
        why_refused=read.remark,
    )
    return _summary(verdict)


def _unusable(reason: str) -> dict[str, Any]:
    return {"usable": False, "verdict": "error", "reason": reason}


def _summary(verdict: DataVerdict) -> dict[str, Any]:
    failed = [asdict(c) for c in verdict.checks if c.status in {"failed", "errored"}]
    return {
        "usable": verdict.verdict is not Verdict.BREACH or _only_repeats(verdict),
        "verdict": verdict.verdict.value,
        "reason": verdict.reason,
        "failed": failed,
    }


def _only_repeats(verdict: DataVerdict) -> bool:
    """Whether repeated ids are all that is wrong: the join settles those by itself."""
    critical = [
        check
        for check in verdict.checks
        if check.status == "failed" and check.severity == "critical"
    ]
    return all(check.gate == "keys" for check in critical)
