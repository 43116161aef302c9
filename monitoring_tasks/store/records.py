"""Evaluations to and from rows; nothing here touches the database."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from monitoring_tasks.domain.decisions import Action, Cause, Decision, Severity
from monitoring_tasks.domain.delivery_problem import DeliveryProblem
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import (
    Verdict,
)
from monitoring_tasks.domain.label_summary import LabelSummary
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.units import Mode, Unit

MODE_RANK = {Mode.LIVE: 0, Mode.BACKFILL: 1, Mode.DRY_RUN: 2, Mode.REPLAY: 3}
"""Which look at the same day and instant is shown when there are several."""


def as_json(fact: Any) -> dict[str, Any]:  # noqa: ANN401 (any dataclass)
    """Return a dataclass as plain JSON; dates become ISO text."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(fact), default=str))
    return plain


def newness(row: Mapping[str, Any]) -> tuple[date, bool, datetime, int]:
    """Return what looks are sorted by: a day's newest judged look comes last."""
    rank = -MODE_RANK[Mode(row["mode"])]
    return (row["day"], row["verdict"] is not None, row["as_of"], rank)


def evaluation_from(row: Mapping[str, Any]) -> Evaluation:
    """Read an evaluation back from its row."""
    return Evaluation(
        unit=Unit(
            model=row["model"],
            day=row["day"],
            as_of=row["as_of"],
            mode=Mode(row["mode"]),
        ),
        step=row["step"],
        version=row["version"],
        rows=row["rows"] or 0,
        labelled=row["labelled"],
        predictions=row["predictions"],
        labels=row["labels"],
        problem=DeliveryProblem.from_json(row["problem"] or {}),
        label_verdict=_label_verdict_from(row["label_counts"] or {}),
        label_counts=_label_counts_from(row["label_counts"] or {}),
        data_verdict=Verdict(row["data_verdict"]) if row["data_verdict"] else None,
        data_reason=row["data_reason"] or "",
        check_rows=row["checks"] or (),
        comparison_rows=row["comparisons"],
        decision=_decision_from(row),
        action=Action(**row["action"]) if row["action"] else None,
    )


def label_json(
    verdict: LabelVerdict | None, counts: LabelCounts | None
) -> dict[str, Any] | None:
    """Return all that is known of a day's labels as one JSON object.

    Args:
        verdict: What validation said of them; None where nothing was said.
        counts: How they met predictions; None where they were not joined.
    """
    plain = as_json(verdict) if verdict else {}
    if plain.get("failed", ()) is None:
        del plain["failed"]
    return plain | (as_json(counts) if counts else {}) or None


def _label_verdict_from(plain: Mapping[str, Any]) -> LabelVerdict | None:
    return LabelVerdict.from_json(plain) if "usable" in plain else None


def _label_counts_from(plain: Mapping[str, Any]) -> LabelCounts | None:
    counts = {f.name: plain[f.name] for f in fields(LabelCounts) if f.name in plain}
    if not counts:
        return None
    arrived = counts.get("arrived")
    if arrived is not None:
        counts["arrived"] = {int(age): labels for age, labels in arrived.items()}
    summaries = counts.get("summaries")
    if summaries is not None:
        counts["summaries"] = {
            s: LabelSummary.from_json(part) for s, part in summaries.items()
        }
    return LabelCounts(**counts)


def _decision_from(row: Mapping[str, Any]) -> Decision | None:
    if row["verdict"] is None:
        return None
    return Decision(
        verdict=Verdict(row["verdict"]),
        performance=Verdict(row["performance"]),
        confirmed=bool(row["confirmed"]),
        reasons=tuple(row["reasons"] or ()),
        severity=Severity(row["severity"]) if row["severity"] else None,
        cause=Cause(row["cause"]) if row["cause"] else None,
        rollback_to=row["rollback_to"],
        evidence=row["evidence"] or {},
        reason_codes=tuple(ReasonCode(code) for code in row["reason_codes"] or ()),
    )


def evaluation_row(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation as the plain JSON that commands print: the columns of its row."""
    decision, action = evaluation.decision, evaluation.action
    compared = evaluation.comparison_rows
    return {
        "key": evaluation.key,
        "model": evaluation.model,
        "day": evaluation.day,
        "as_of": evaluation.as_of,
        "mode": evaluation.mode.value,
        "step": evaluation.step,
        "version": evaluation.version,
        "rows": evaluation.rows,
        "labelled": evaluation.labelled,
        "predictions": evaluation.predictions,
        "labels": evaluation.labels,
        "problem": evaluation.problem.to_json() or None,
        "label_counts": label_json(evaluation.label_verdict, evaluation.label_counts),
        "data_verdict": evaluation.data_verdict and evaluation.data_verdict.value,
        "data_reason": evaluation.data_reason or None,
        "checks": list(evaluation.check_rows) or None,
        # Compared with nothing is another answer than not compared yet.
        "comparisons": None if compared is None else list(compared),
        "verdict": decision.verdict.value if decision else None,
        "performance": decision.performance.value if decision else None,
        "confirmed": decision.confirmed if decision else None,
        "severity": decision.severity.value if decision and decision.severity else None,
        "cause": decision.cause.value if decision and decision.cause else None,
        "reasons": list(decision.reasons) if decision else None,
        "reason_codes": [code.value for code in decision.reason_codes]
        if decision
        else None,
        "rollback_to": decision.rollback_to if decision else None,
        "evidence": dict(decision.evidence) if decision else None,
        "action": asdict(action) if action else None,
    }
