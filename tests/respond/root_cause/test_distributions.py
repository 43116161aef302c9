import pytest

from monitoring_tasks.domain.findings import Check, Kind, Limit, Verdict
from monitoring_tasks.domain.root_cause import TrainingRun, VersionFacts
from monitoring_tasks.respond.root_cause.distributions import distributions_section
from tests.builders import (
    make_decision,
    make_evaluation,
    make_finding,
    make_profile,
)
from tests.respond.root_cause.packs import make_facts, numbers, reference_of

STILL, MOVED = numbers(25, 25, 25, 25), numbers(55, 25, 10, 10)
FAR = numbers(97, 1, 1, 1)
REFERENCE = reference_of(near=STILL, far=STILL, odd=STILL)
TODAY = make_profile(rows=100, columns={"near": MOVED, "far": FAR, "odd": MOVED})


def effect(column: str, loss: float | None) -> dict[str, object]:
    """Return what is kept of the effect of a column's move."""
    return {"version": "1", "column": column, "metric": "roc_auc", "loss": loss}


def test_columns_are_ranked_by_drift_times_effect() -> None:
    """A smaller move that costs goes before a larger one; unknown, then harmless."""
    effects = [effect("near", 0.2), effect("far", 0.0), effect("odd", None)]
    decision = make_decision(evidence={"drift_effects": effects})
    section = distributions_section(
        make_facts(
            evaluation=make_evaluation(decision=decision),
            reference=REFERENCE,
            profiles=[TODAY],
        )
    )
    assert section.data is not None
    assert [c["column"] for c in section.data["columns"]] == ["near", "odd", "far"]
    assert "the loss its move alone predicts" in section.data["ranked_by"]


def test_importances_stand_in_where_no_loss_was_predicted() -> None:
    """What a version carries says which of its columns matter, as a share."""
    run = TrainingRun(id="r", weights={"importances.json": {"near": 9.0, "far": 1.0}})
    section = distributions_section(
        make_facts(
            reference=REFERENCE,
            profiles=[TODAY],
            versions=[VersionFacts(version="1", run=run)],
        )
    )
    assert section.data is not None
    assert [c["effect"] for c in section.data["columns"]][:2] == [0.9, 0.1]
    assert "importances.json" in section.data["ranked_by"]


def test_what_healthy_days_do_as_well_is_not_ranked_first() -> None:
    """A column within its limit goes after one beyond it, however large its index."""
    limit = Limit(high=0.4)
    drift = {"kind": Kind.DRIFT, "metric": "jensen_shannon"}
    section = distributions_section(
        make_facts(
            reference=REFERENCE,
            profiles=[TODAY],
            findings=[
                make_finding(Verdict.OK, column="far", value=0.2, limit=limit, **drift),
                make_finding(
                    Verdict.WARN, column="odd", value=0.6, limit=limit, **drift
                ),
            ],
        )
    )
    assert section.data is not None
    assert [c["column"] for c in section.data["columns"]] == ["odd", "far", "near"]
    assert section.data["columns"][0]["of_limit"] == pytest.approx(1.5)
    assert section.data["columns"][0]["judged"] == ["it is warn"]


def test_unfit_day_shows_what_failed_alone() -> None:
    """The damaged column is shown, counted for the pack; others are not made up."""
    check = Check(
        gate="values", name="unit", column="odd", status="failed", severity="critical"
    )
    evaluation = make_evaluation(
        data_verdict=Verdict.BREACH,
        check_rows=({**{n: getattr(check, n) for n in check.__slots__}},),
    )
    section = distributions_section(
        make_facts(evaluation=evaluation, reference=REFERENCE, damaged={"odd": FAR})
    )
    assert section.data is not None
    assert [c["column"] for c in section.data["columns"]] == ["odd"]
    assert section.data["ranked_by"].startswith("columns of failed checks first")


def test_without_a_reference_nothing_is_told_and_said_so() -> None:
    """Absence has a reason, never an empty list that looks like calm."""
    section = distributions_section(make_facts(profiles=[TODAY]))
    assert section.data is None
    assert "has no reference" in section.missing[0]
