"""Are the labels of a day fit to be joined? As they are read for the join itself."""

from pathlib import Path

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import DataVerdict, Verdict
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.errors import LabelMismatchError
from monitoring_tasks.rows.label_reading import read_labels
from monitoring_tasks.rows.label_values import values_of
from monitoring_tasks.validate import checks


def judge_labels(
    labels: pa.Table | None,
    predictions: pa.Table,
    contract: Contract,
    *,
    suite: Path | None,
    unreadable: str = "",
) -> LabelVerdict:
    """Return whether the labels may be used, the verdict on them and why.

    Ones that fail critically are not used; values and ids that cannot be are left out
    one by one.

    Args:
        labels: The frozen labels of a day; None when none are known.
        predictions: Its frozen predictions, at least one row.
        contract: Declares id, label and what a label may be.
        suite: The user's suite for labels; None for none.
        unreadable: Why the labels could not be read at all; empty when they could.
    """
    if unreadable:
        return _unusable(unreadable)
    id_column = contract.columns.id
    # The structure of the predictions fails on its own where the id is absent.
    is_joinable = id_column in predictions.column_names
    if labels is None or not labels.num_rows or not is_joinable:
        return _summary(checks.check_labels(labels, contract=contract, suite=suite))
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


def _unusable(reason: str) -> LabelVerdict:
    return LabelVerdict(usable=False, verdict=Verdict.ERROR, reason=reason)


def _summary(verdict: DataVerdict) -> LabelVerdict:
    return LabelVerdict(
        usable=verdict.verdict is not Verdict.BREACH or _only_repeats(verdict),
        verdict=verdict.verdict,
        reason=verdict.reason,
        failed=tuple(c for c in verdict.checks if c.status in {"failed", "errored"}),
    )


def _only_repeats(verdict: DataVerdict) -> bool:
    """Whether repeated ids are all that is wrong: the join settles those by itself."""
    critical = [
        check
        for check in verdict.checks
        if check.status == "failed" and check.severity == "critical"
    ]
    return all(check.gate == "keys" for check in critical)
