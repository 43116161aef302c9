import json
from typing import Any

import pytest

from monitoring_tasks.decide.day_reasons import finding_reasons
from monitoring_tasks.decide.drifted import (
    as_evidence,
    effect_of,
    from_evidence,
    limit_ratio,
    names_of,
    sentence_of,
    summary_of,
)
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Verdict
from monitoring_tasks.domain.incident_context import ColumnEffect
from tests.builders import make_finding


def moved(column: str, distance: float = 0.2, **parts: object) -> Finding:
    """Return a column whose distance of a limit of 0.1 warns."""
    known = {"kind": Kind.DRIFT, "metric": "jensen_shannon", "column": column}
    return make_finding(
        Verdict.WARN, limit=Limit(high=0.1), **known | {"value": distance} | parts
    )


def costs(column: str, loss: float | None, **parts: object) -> ColumnEffect:
    """Return an effect on AUC, 0.01 either way; None for one that nobody knows."""
    known: dict[str, Any] = {"version": "1", "column": column, "loss": loss}
    if loss is not None:
        known |= {"lower": loss - 0.01, "upper": loss + 0.01}
    else:
        known |= {"reason": "too few rows"}
    return ColumnEffect(metric="roc_auc", **known | parts)


FAR, NEAR, OTHER = moved("far", 0.9), moved("near", 0.11), moved("other", 0.3)


def test_a_column_that_hurts_goes_before_one_that_is_further_away() -> None:
    """Drift is ranked by what it costs, and only then by its distance."""
    effects = [costs("far", 0.0), costs("near", 0.03), costs("other", 0.05)]
    assert names_of([FAR, NEAR, OTHER], effects) == ["other", "near", "far"]


@pytest.mark.parametrize(
    ("effects", "order"),
    [
        pytest.param([], ["far", "other", "near"], id="nobody asked: the distance"),
        pytest.param(
            [costs("far", 0.0), costs("near", None), costs("other", 0.0)],
            ["near", "far", "other"],
            id="what nobody knows goes before what is harmless",
        ),
        pytest.param(
            [costs("far", -0.2), costs("near", 0.0), costs("other", 0.02)],
            ["other", "far", "near"],
            id="a gain is harmless",
        ),
        pytest.param(
            [costs("far", 0.0), costs("near", 0.0, unlike=0.5)],
            ["other", "near", "far"],
            id="half of the rows are unlike any: not harmless",
        ),
        pytest.param(
            [costs("far", 0.0), costs("near", 0.05, version="2")],
            ["other", "near", "far"],
            id="another version's effect says nothing",
        ),
    ],
)
def test_the_order_of_what_is_known(
    effects: list[ColumnEffect], order: list[str]
) -> None:
    """Surely dear, then unknown, then harmless; within these by distance."""
    assert names_of([NEAR, FAR, OTHER], effects) == order


def test_the_same_column_is_named_once() -> None:
    """Two versions of a day may both see a column move."""
    assert names_of([FAR, moved("far", version="2")], []) == ["far"]


def test_drift_of_all_columns_together_has_no_effect() -> None:
    """The reconstruction error is about no column, and is named by its metric."""
    whole = moved("", metric="reconstruction_error")
    assert effect_of(whole, [costs("", 0.1)]) is None
    assert names_of([whole], []) == ["reconstruction_error"]


@pytest.mark.parametrize(
    ("effect", "says"),
    [
        pytest.param(
            costs("a", 0.03),
            "should worsen roc_auc by 0.03 [0.02, 0.04]",
            id="hurts",
        ),
        pytest.param(
            costs("a", 0.0),
            "not worsen roc_auc (loss of 0 [-0.01, 0.01]",
            id="harmless",
        ),
        pytest.param(costs("a", None), "unknown: too few rows", id="unknown"),
        pytest.param(
            costs("a", 0.0, unlike=0.4, reason="40% are unlike"),
            "unknown: 40% are unlike",
            id="too many unlike",
        ),
        pytest.param(
            costs("a", 0.03, unlike=0.4, reason="40% are unlike"),
            "worsen roc_auc by 0.03 [0.02, 0.04] (40% are unlike)",
            id="hurts, of those that are alike",
        ),
    ],
)
def test_an_effect_in_words(effect: ColumnEffect, says: str) -> None:
    """A loss, none, or that nobody knows: never one for the other."""
    assert says in sentence_of(effect)


@pytest.mark.parametrize(
    ("effects", "says"),
    [
        pytest.param([], "far, near", id="nobody asked"),
        pytest.param(
            [costs("near", 0.03), costs("far", 0.0)],
            "near, far; near alone should worsen roc_auc by 0.03",
            id="the dearest is told",
        ),
        pytest.param(
            [costs("near", 0.0), costs("far", 0.0)],
            "far, near; none of them alone should worsen roc_auc",
            id="all harmless",
        ),
        pytest.param(
            [costs("near", 0.0), costs("far", None)],
            "far, near",
            id="not all are known",
        ),
    ],
)
def test_the_summary_of_what_moved(effects: list[ColumnEffect], says: str) -> None:
    """All names, and what can be said of all of them."""
    assert summary_of([NEAR, FAR], effects) == says


def test_reasons_put_the_dear_column_first_and_say_what_it_costs() -> None:
    """After broken promises; a page that cuts the list keeps what matters."""
    broken = make_finding(Verdict.BREACH)
    effects = [costs("far", 0.0), costs("near", 0.03)]
    told = [reason.text for reason in finding_reasons([FAR, NEAR, broken], effects)]
    assert told[0].startswith("realized roc_auc")
    assert told[1].startswith("drift jensen_shannon of near")
    assert told[1].endswith("worsen roc_auc by 0.03 [0.02, 0.04]")
    assert told[2].endswith("(loss of 0 [-0.01, 0.01], below 0 is a gain)")


def test_effects_come_back_from_evidence() -> None:
    """As the store keeps them: plain JSON."""
    effects = (costs("near", 0.03), costs("far", None))
    kept = json.loads(json.dumps(as_evidence(effects)))
    assert from_evidence(kept) == effects
    assert as_evidence(()) == {}
    assert from_evidence(None) == ()


def test_a_limit_of_nothing_is_no_division() -> None:
    """Any distance beyond a limit of 0 is as far as can be."""
    assert limit_ratio(make_finding(Verdict.OK, limit=Limit(high=0.0), value=0.1)) == (
        1000
    )
    assert limit_ratio(make_finding(Verdict.OK, limit=Limit(high=0.0), value=0.0)) == 0
    assert limit_ratio(make_finding(Verdict.OK, limit=Limit(high=0.1), value=None)) is (
        None
    )


@pytest.mark.parametrize(
    ("value", "ratio"),
    [(0.5, 0.0), (0.7, 2.0), (0.4, 0.5), (0.2, 1.5)],
)
def test_ratio_counts_from_the_usual_value_where_both_sides_are_limited(
    value: float, ratio: float
) -> None:
    """On its own side: 0.5 is usual, 0.3 and 0.6 are the limits."""
    limit = Limit(low=0.3, high=0.6, reference=0.5)
    finding = make_finding(Verdict.OK, kind=Kind.OUTCOME, limit=limit, value=value)
    assert limit_ratio(finding) == pytest.approx(ratio)
