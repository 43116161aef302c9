"""Lost predictions are no fault of the labels, whatever path finds them."""

from typing import Any

import pytest

from monitoring_tasks.decide.decide import decide
from monitoring_tasks.decide.labels import label_signs
from monitoring_tasks.decide.lost_predictions import predictions_lost
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import LABEL_GATE, Check, Verdict
from monitoring_tasks.domain.incident_context import IncidentContext
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.orphans import BELONG, Orphans
from monitoring_tasks.domain.partitions import LabelCounts
from tests.builders import make_contract, make_finding
from tests.decide.test_decide import BAD, day_facts
from tests.decide.test_triage import symptoms

LOST = Orphans(share=0.35, usual=0.0, coverage=1.0, usual_coverage=1.0)
WRONG = Orphans(share=0.35, usual=0.0, coverage=0.65, usual_coverage=1.0)
CHECK = Check(
    gate=LABEL_GATE,
    name=BELONG,
    status="failed",
    severity="critical",
    observed="197 of 570 labels have ids of no prediction",
    is_new=True,
)
GATE: dict[str, Any] = {
    "labels": LabelVerdict(
        usable=True, verdict=Verdict.WARN, reason="", failed=(CHECK,)
    )
}
REMARK: dict[str, Any] = {
    "label_counts": LabelCounts(
        rows=532, joined=164, orphans=368, lost=368, remark="368 labels fit none"
    )
}


@pytest.mark.parametrize("found_by", [GATE, REMARK], ids=["the gate", "the join"])
@pytest.mark.parametrize(
    ("orphans", "cause"),
    [
        pytest.param(LOST, Cause.INTEGRATION, id="predictions lost"),
        pytest.param(WRONG, Cause.LABEL_QUALITY, id="ids wrong"),
        pytest.param(None, Cause.LABEL_QUALITY, id="not known"),
    ],
)
def test_who_lost_predictions_is_named_and_the_incident_stays_as_grave(
    found_by: dict[str, Any], orphans: Orphans | None, cause: Cause
) -> None:
    """No objective is in breach; the labels that fit are sound."""
    facts = day_facts(context=IncidentContext(orphans=orphans), **found_by)
    decided = decide(facts)
    assert (decided.cause, decided.severity) == (cause, "P2")
    assert decided.verdict is Verdict.WARN
    is_lost = cause is Cause.INTEGRATION
    assert ("predictions were lost on the way" in decided.reasons[0]) is is_lost


def test_labels_that_are_refused_are_the_labels_fault_all_the_same() -> None:
    """Beside lost predictions too."""
    counts = LabelCounts(rows=532, joined=164, orphans=368, refused=300, lost=668)
    facts = day_facts(context=IncidentContext(orphans=LOST), label_counts=counts)
    assert decide(facts).cause is Cause.LABEL_QUALITY


def test_confirmed_breach_on_labels_without_predictions_is_no_label_fault() -> None:
    """By no rule: neither at the first one, nor as a sign further down."""
    context = IncidentContext(orphans=LOST)
    ill = symptoms(context=context, **GATE)
    assert list(label_signs(ill)) == []
    contract = make_contract(policy={"severity": {"orphan_share": 0.4}})
    broken = [make_finding(Verdict.BREACH, version="2")]
    facts = day_facts(
        contract=contract, findings=broken, history=BAD, context=context, **GATE
    )
    assert decide(facts).cause is Cause.INTEGRATION


def test_sentence_says_what_is_known() -> None:
    """That labels came as ever, or that nobody can tell."""
    assert "100.0% of the predictions that came" in predictions_lost(LOST).reason.text
    unknown = Orphans(share=0.35, usual=None)
    assert "lost, or ids changed" in predictions_lost(unknown).reason.text
